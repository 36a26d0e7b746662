"""Fashion-MNIST with a multilayer perceptron.

Clothes lie in the middle of their images, so shifting them teaches a perceptron little
but what it will not see; a shirt's mirror image, though, is a shirt. Dropout after each
wide layer keeps the network from learning the training images by heart.
"""

import keras
import tensorflow as tf
from keras import layers

from doctor.reference.sitting import Sitting

BATCH = 128
sitting = Sitting(epochs=40)

# The last twelfth of the training images is kept for choices; the test images are used once, at the end.
(images, labels), (test_images, test_labels) = keras.datasets.fashion_mnist.load_data()
images, test_images = (x[..., None].astype("float32") / 255 for x in (images, test_images))
cut = len(images) * 11 // 12
validation = (images[cut:], labels[cut:])

augment = layers.RandomFlip("horizontal")

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
        layers.Dropout(0.3),
        layers.Dense(512, activation="relu", kernel_initializer="he_normal"),
        layers.Dropout(0.3),
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
