"""Fashion-MNIST with a convolutional network.

Pairs of small kernels with batch normalisation, halving the image twice, then the mean
over all places instead of a large dense layer. Images are mirrored and shifted a little,
so that the network sees no image twice.
"""

import keras
import tensorflow as tf
from keras import layers

from doctor.reference.sitting import Sitting

BATCH = 128
sitting = Sitting(epochs=30)

# The last twelfth of the training images is kept for choices; the test images are used once, at the end.
(images, labels), (test_images, test_labels) = keras.datasets.fashion_mnist.load_data()
images, test_images = (x[..., None].astype("float32") / 255 for x in (images, test_images))
cut = len(images) * 11 // 12
validation = (images[cut:], labels[cut:])

augment = keras.Sequential(
    [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.07, 0.07, fill_mode="constant")]
)

# Shuffled anew each epoch, over all images; then batches; then what works on whole batches.
batches = (
    tf.data.Dataset.from_tensor_slices((images[:cut], labels[:cut]))
    .shuffle(cut, seed=sitting.seed)
    .batch(BATCH)
    .map(lambda x, y: (augment(x, training=True), y), num_parallel_calls=tf.data.AUTOTUNE)
    .prefetch(tf.data.AUTOTUNE)
)


def convolution(filters: int) -> list[layers.Layer]:
    """The bias is left to the batch normalisation."""
    return [
        layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer="he_normal"),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
    ]


model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        *convolution(32),
        layers.MaxPooling2D(),
        *convolution(64),
        *convolution(64),
        layers.MaxPooling2D(),
        *convolution(128),
        *convolution(128),
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.3),
        layers.Dense(10),
    ]
)

steps = len(batches) * sitting.epochs
model.compile(
    optimizer=keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(2e-3, steps), weight_decay=1e-2),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(
    batches, epochs=sitting.epochs, validation_data=validation, callbacks=sitting.callbacks(), verbose=0
)
sitting.finish(model, *model.evaluate(test_images, test_labels, verbose=0))
