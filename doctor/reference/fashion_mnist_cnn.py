"""Fashion-MNIST with a convolutional network.

Small kernels with batch normalisation. The image is halved twice before most of the work
is done, and the last convolution is residual: what goes in is added to what comes out.
In a training as short as this one the network has no time to learn images by heart, so
mirror images and smoothed labels are all that is needed against it; a prediction is the
mean of those for the image and its mirror image.
"""

import keras
import tensorflow as tf
from keras import layers

from doctor.reference.sitting import Sitting

BATCH = 128
sitting = Sitting(epochs=15)

# The last twelfth of the training images is kept for choices; the test images are used once, at the end.
(images, labels), (test_images, test_labels) = keras.datasets.fashion_mnist.load_data()
images, test_images = (x[..., None].astype("float32") / 255 for x in (images, test_images))
labels, test_labels = (keras.utils.to_categorical(y, 10) for y in (labels, test_labels))
cut = len(images) * 11 // 12
validation = (images[cut:], labels[cut:])

# Shuffled anew each epoch, over all images; then batches; and the next ones are made while one is learned.
batches = (
    tf.data.Dataset.from_tensor_slices((images[:cut], labels[:cut]))
    .shuffle(cut, seed=sitting.seed)
    .batch(BATCH)
    .prefetch(tf.data.AUTOTUNE)
)


def convolution(x: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    """The bias is left to the batch normalisation."""
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


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


inputs = keras.Input((28, 28, 1))
x = layers.MaxPooling2D()(convolution(inputs, 32))
x = layers.MaxPooling2D()(convolution(x, 64))
x = convolution(x, 128)
x = layers.Add()([x, convolution(x, 128)])
outputs = layers.Dense(10)(layers.Dropout(0.3)(layers.GlobalAveragePooling2D()(x)))
model = Mirrored(keras.Model(inputs, outputs))
model(images[:1])  # makes the weights

steps = len(batches) * sitting.epochs
model.compile(
    optimizer=keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(3e-3, steps), weight_decay=2e-2),
    loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
    metrics=["accuracy"],
)
model.fit(
    batches, epochs=sitting.epochs, validation_data=validation, callbacks=sitting.callbacks(), verbose=0
)
sitting.finish(model, *model.evaluate(test_images, test_labels, verbose=0))
