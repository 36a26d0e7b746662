"""Fashion-MNIST with a multilayer perceptron.

Clothes lie in the middle of their images, so shifting them teaches a perceptron little
but what it will not see; a shirt's mirror image, though, is a shirt. So training mirrors
half of the images, and a prediction is the mean of those for the image and its mirror
image. Batch normalisation allows large steps, and dropout keeps two wide layers from
learning the training images by heart.
"""

import keras
import tensorflow as tf
from keras import layers

from doctor.reference.sitting import Sitting

BATCH = 256
sitting = Sitting(epochs=50)

# The last twelfth of the training images is kept for choices; the test images are used once, at the end.
(images, labels), (test_images, test_labels) = keras.datasets.fashion_mnist.load_data()
images, test_images = (x[..., None].astype("float32") / 255 for x in (images, test_images))
cut = len(images) * 11 // 12
validation = (images[cut:], labels[cut:])

# Shuffled anew each epoch, over all images; then batches; and the next ones are made while one is learned.
batches = (
    tf.data.Dataset.from_tensor_slices((images[:cut], labels[:cut]))
    .shuffle(cut, seed=sitting.seed)
    .batch(BATCH)
    .prefetch(tf.data.AUTOTUNE)
)


def dense(units: int) -> list[layers.Layer]:
    """The bias is left to the batch normalisation."""
    return [
        layers.Dense(units, use_bias=False, kernel_initializer="he_normal"),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
        layers.Dropout(0.35),
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


model = Mirrored(keras.Sequential([layers.Flatten(), *dense(768), *dense(768), layers.Dense(10)]))
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
