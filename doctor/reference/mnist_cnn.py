"""MNIST with a convolutional network.

Small kernels in pairs, batch normalisation after each, and the image halved twice. The
digits are shifted, turned and scaled a little anew in every epoch, and the learning rate
falls along a cosine to zero, so that the last weights are the best ones and none have to
be picked.
"""

import keras
import tensorflow as tf
from keras import layers

from doctor.reference.sitting import Sitting

BATCH = 128
sitting = Sitting(epochs=12)

# The last twelfth of the training images is kept for choices; the test images are used once, at the end.
(images, labels), (test_images, test_labels) = keras.datasets.mnist.load_data()
images, test_images = (x[..., None].astype("float32") / 255 for x in (images, test_images))
cut = len(images) * 11 // 12
validation = (images[cut:], labels[cut:])

augment = keras.Sequential(
    [
        layers.RandomTranslation(0.08, 0.08, fill_mode="constant"),
        layers.RandomRotation(0.03, fill_mode="constant"),
        layers.RandomZoom(0.1, fill_mode="constant"),
    ]
)

# Shuffled anew each epoch, over all images; then batches; then what works on whole batches.
batches = (
    tf.data.Dataset.from_tensor_slices((images[:cut], labels[:cut]))
    .shuffle(cut, seed=sitting.seed)
    .batch(BATCH)
    .map(lambda x, y: (augment(x, training=True), y), num_parallel_calls=tf.data.AUTOTUNE)
    .prefetch(tf.data.AUTOTUNE)
)


def convolution(filters: int, strides: int = 1) -> list[layers.Layer]:
    """The bias is left to the batch normalisation."""
    return [
        layers.Conv2D(filters, 3, strides, padding="same", use_bias=False, kernel_initializer="he_normal"),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
    ]


model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        *convolution(16),
        *convolution(32, strides=2),
        *convolution(32),
        *convolution(64, strides=2),
        *convolution(64),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(128, activation="relu", kernel_initializer="he_normal"),
        layers.Dense(10),
    ]
)

steps = len(batches) * sitting.epochs
model.compile(
    optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(
    batches, epochs=sitting.epochs, validation_data=validation, callbacks=sitting.callbacks(), verbose=0
)
sitting.finish(model, *model.evaluate(test_images, test_labels, verbose=0))
