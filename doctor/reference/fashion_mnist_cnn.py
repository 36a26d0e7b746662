"""Fashion-MNIST with a convolutional network.

Small kernels with batch normalisation; the image is halved after each of the first two,
where most of the work would be, and two more see the small one beside a way straight
through. Shifted and mirrored images, smoothed labels and a rate that falls along a cosine
keep it from learning images by heart, and what is said in the end is the mean of what the
network says of an image and of its mirror image.
"""

import keras
import tensorflow as tf
from keras import layers

from doctor.reference.sitting import Sitting

BATCH = 128
sitting = Sitting(epochs=12)

# The last twelfth of the training images is kept for choices; the test images are used once, at the end.
(images, labels), (test_images, test_labels) = keras.datasets.fashion_mnist.load_data()
images, test_images = (x[..., None].astype("float32") / 255 for x in (images, test_images))
labels, test_labels = (keras.utils.to_categorical(y, 10) for y in (labels, test_labels))
cut = len(images) * 11 // 12
validation = (images[cut:], labels[cut:])

shift = layers.RandomTranslation(0.07, 0.07, fill_mode="constant")

# Shuffled anew each epoch, over all images; then batches; then what works on whole batches.
batches = (
    tf.data.Dataset.from_tensor_slices((images[:cut], labels[:cut]))
    .shuffle(cut, seed=sitting.seed)
    .batch(BATCH)
    .map(lambda x, y: (shift(x, training=True), y), num_parallel_calls=tf.data.AUTOTUNE)
    .prefetch(tf.data.AUTOTUNE)
)


def convolution(x: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    """The bias is left to the batch normalisation."""
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


class Mirrored(keras.Model):
    """Learns images or their mirror images; says of an image the mean of what it says of both."""

    def __init__(self, network: keras.Model) -> None:
        super().__init__()
        self.flip = layers.RandomFlip("horizontal")
        self.network = network

    def call(self, images: tf.Tensor, training: bool = False) -> tf.Tensor:
        if training:
            return self.network(self.flip(images, training=True), training=True)
        return (self.network(images) + self.network(images[:, :, ::-1])) / 2


inputs = keras.Input((28, 28, 1))
x = layers.MaxPooling2D()(convolution(inputs, 32))
x = layers.MaxPooling2D()(convolution(x, 64))
x = convolution(x, 128)
x = layers.Add()([x, convolution(x, 128)])
outputs = layers.Dense(10)(layers.Dropout(0.2)(layers.GlobalMaxPooling2D()(x)))
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
