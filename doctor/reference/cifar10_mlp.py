"""CIFAR-10 with a multilayer perceptron.

A perceptron has to learn anew at each place of the image what an edge is, and sees little
of it in single pixels: the means of two by two tell it as much, and leave a quarter of the
weights. Shifted and mirrored images show it more places, and a prediction is the mean of
those for the image and its mirror image. Batch normalisation allows large steps, and
dropout keeps three wide layers from learning the images by heart.
"""

import keras
import tensorflow as tf
from keras import layers

from doctor.reference.sitting import Sitting

BATCH = 256
sitting = Sitting(epochs=24)

# The last tenth of the training images is kept for choices; the test images are used once, at the end.
(images, labels), (test_images, test_labels) = keras.datasets.cifar10.load_data()
images, test_images = (x.astype("float32") / 255 for x in (images, test_images))
cut = len(images) * 9 // 10
mean, spread = images[:cut].mean(axis=(0, 1, 2)), images[:cut].std(axis=(0, 1, 2))
images, test_images = (images - mean) / spread, (test_images - mean) / spread
validation = (images[cut:], labels[cut:])

shift = layers.RandomTranslation(0.1, 0.1, fill_mode="reflect")

# Shuffled anew each epoch, over all images; then batches; then what works on whole batches.
batches = (
    tf.data.Dataset.from_tensor_slices((images[:cut], labels[:cut]))
    .shuffle(cut, seed=sitting.seed)
    .batch(BATCH)
    .map(lambda x, y: (shift(x, training=True), y), num_parallel_calls=tf.data.AUTOTUNE)
    .prefetch(tf.data.AUTOTUNE)
)


def dense(units: int) -> list[layers.Layer]:
    """The bias is left to the batch normalisation."""
    return [
        layers.Dense(units, use_bias=False, kernel_initializer="he_normal"),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
        layers.Dropout(0.15),
    ]


class Mirrored(keras.Model):
    """Learns images or their mirror images, by chance; predicts the mean of what it says of both."""

    def __init__(self, network: keras.Sequential) -> None:
        super().__init__()
        self.network = network

    def call(self, images: tf.Tensor, training: bool = False) -> tf.Tensor:
        mirrored = images[:, :, ::-1]
        if training:
            chosen = tf.random.uniform([tf.shape(images)[0], 1, 1, 1]) < 0.5
            return self.network(tf.where(chosen, mirrored, images), training=True)
        return (self.network(images) + self.network(mirrored)) / 2


network = [layers.AveragePooling2D(2), layers.Flatten(), *dense(1536), *dense(1024), *dense(512), layers.Dense(10)]
model = Mirrored(keras.Sequential(network))
model(images[:1])  # makes the weights

steps = len(batches) * sitting.epochs
model.compile(
    optimizer=keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(2e-3, steps), weight_decay=2e-2),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(
    batches, epochs=sitting.epochs, validation_data=validation, callbacks=sitting.callbacks(), verbose=0
)
sitting.finish(model, *model.evaluate(test_images, test_labels, verbose=0))
