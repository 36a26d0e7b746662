"""MNIST with a multilayer perceptron.

Two hidden layers reach 98 % on the raw images and then learn the training images by
heart. What gets them further is more data of the same kind, so every epoch sees each
digit a little shifted, turned and scaled, which a perceptron, unlike a convolution,
cannot know to be the same digit.
"""

import keras
import tensorflow as tf
from keras import layers

from doctor.reference.sitting import Sitting

BATCH = 128
sitting = Sitting(epochs=24)

# The last twelfth of the training images is kept for choices; the test images are used once, at the end.
(images, labels), (test_images, test_labels) = keras.datasets.mnist.load_data()
images, test_images = (x[..., None].astype("float32") / 255 for x in (images, test_images))
cut = len(images) * 11 // 12
validation = (images[cut:], labels[cut:])

augment = keras.Sequential(
    [
        layers.RandomTranslation(0.07, 0.07, fill_mode="constant"),
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

model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Flatten(),
        layers.Dense(512, activation="relu", kernel_initializer="he_normal"),
        layers.Dense(512, activation="relu", kernel_initializer="he_normal"),
        layers.Dense(10),
    ]
)

steps = len(batches) * sitting.epochs
model.compile(
    optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, steps)),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(
    batches, epochs=sitting.epochs, validation_data=validation, callbacks=sitting.callbacks(), verbose=0
)
sitting.finish(model, *model.evaluate(test_images, test_labels, verbose=0))
