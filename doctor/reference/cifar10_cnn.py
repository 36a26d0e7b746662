"""CIFAR-10 with a convolutional network.

The image is halved before most of the work is done, and two pairs of convolutions are
residual: what goes in is added to what comes out, so that gradients have a short way back.
Mirrored and shifted images, momentum with a rate that climbs for two epochs and then falls
along a cosine to zero, weight decay and smoothed labels are the usual recipe for this data;
a prediction is the mean of those for the image and its mirror image.
"""

import keras
import tensorflow as tf
from keras import layers

from doctor.reference.sitting import Sitting

BATCH = 128
sitting = Sitting(epochs=26)

# The last tenth of the training images is kept for choices; the test images are used once, at the end.
(images, labels), (test_images, test_labels) = keras.datasets.cifar10.load_data()
images, test_images = (x.astype("float32") / 255 for x in (images, test_images))
labels, test_labels = (keras.utils.to_categorical(y, 10) for y in (labels, test_labels))
cut = len(images) * 9 // 10
mean, spread = images[:cut].mean(axis=(0, 1, 2)), images[:cut].std(axis=(0, 1, 2))
images, test_images = (images - mean) / spread, (test_images - mean) / spread
validation = (images[cut:], labels[cut:])

# By up to four whole pixels: between them images would be blurred, as the test images are not.
shift = layers.RandomTranslation(0.125, 0.125, fill_mode="reflect", interpolation="nearest")

# Shuffled anew each epoch, over all images; then batches; then what works on whole batches.
batches = (
    tf.data.Dataset.from_tensor_slices((images[:cut], labels[:cut]))
    .shuffle(cut, seed=sitting.seed)
    .batch(BATCH)
    .map(lambda x, y: (shift(x, training=True), y), num_parallel_calls=tf.data.AUTOTUNE)
    .prefetch(tf.data.AUTOTUNE)
)


def convolution(x: keras.KerasTensor, filters: int, halved: bool = False) -> keras.KerasTensor:
    """The bias is left to the batch normalisation, which has a quarter of the work when the image is halved first."""
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    x = layers.MaxPooling2D()(x) if halved else x
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def residual(x: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    """Two convolutions beside a way straight through."""
    return layers.Add()([x, convolution(convolution(x, filters), filters)])


class Mirrored(keras.Model):
    """Learns images or their mirror images, by chance; predicts the mean of what it says of both."""

    def __init__(self, network: keras.Model) -> None:
        super().__init__()
        self.network = network

    def call(self, images: tf.Tensor, training: bool = False) -> tf.Tensor:
        mirrored = images[:, :, ::-1]
        if training:
            chosen = tf.random.uniform([tf.shape(images)[0], 1, 1, 1]) < 0.5
            return self.network(tf.where(chosen, mirrored, images), training=True)
        return (self.network(images) + self.network(mirrored)) / 2


inputs = keras.Input((32, 32, 3))
x = convolution(inputs, 48, halved=True)
x = residual(convolution(x, 96, halved=True), 96)
x = residual(convolution(x, 192, halved=True), 192)
x = layers.GlobalMaxPooling2D()(x)
outputs = layers.Dense(10)(layers.Dropout(0.1)(x))
model = Mirrored(keras.Model(inputs, outputs))
model(images[:1])  # makes the weights

steps = len(batches) * sitting.epochs
climb = min(len(batches) * 2, steps // 2)
rate = keras.optimizers.schedules.CosineDecay(0.01, steps - climb, warmup_target=0.1, warmup_steps=climb)
model.compile(
    optimizer=keras.optimizers.SGD(rate, momentum=0.9, nesterov=True, weight_decay=5e-3),
    loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
    metrics=["accuracy"],
)
model.fit(
    batches, epochs=sitting.epochs, validation_data=validation, callbacks=sitting.callbacks(), verbose=0
)
sitting.finish(model, *model.evaluate(test_images, test_labels, verbose=0))
