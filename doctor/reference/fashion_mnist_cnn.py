"""Fashion-MNIST with a convolutional network.

Small kernels with batch normalisation. The image is halved twice before most of the work
is done, and the last convolution is residual: what goes in is added to what comes out.
Mirrored and shifted images, weight decay and smoothed labels keep the network from learning
images by heart; a prediction is the mean of those for the image and its mirror image.
"""

import keras
import tensorflow as tf
from keras import layers

from doctor.reference.sitting import Sitting

BATCH = 128
sitting = Sitting(epochs=18)

# The last twelfth of the training images is kept for choices; the test images are used once, at the end.
(images, labels), (test_images, test_labels) = keras.datasets.fashion_mnist.load_data()
images, test_images = (x[..., None].astype("float32") / 255 for x in (images, test_images))
labels, test_labels = (keras.utils.to_categorical(y, 10) for y in (labels, test_labels))
cut = len(images) * 11 // 12
validation = (images[cut:], labels[cut:])

# By a whole pixel or none: between pixels images would be blurred, as the test images are not.
shift = layers.RandomTranslation(0.036, 0.036, fill_mode="constant", interpolation="nearest")

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
x = convolution(inputs, 32, halved=True)
x = convolution(x, 64, halved=True)
x = convolution(x, 128)
x = layers.Add()([x, convolution(x, 128)])
outputs = layers.Dense(10)(layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x)))
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
