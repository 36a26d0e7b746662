"""An eager loop over Keras layers: seconds per step in the steady state."""

import keras
import numpy as np
import tensorflow as tf
from steady import measure

keras.utils.set_random_seed(0)
x = np.random.rand(6400, 784).astype("float32")
y = np.random.randint(0, 10, 6400)
data = iter(tf.data.Dataset.from_tensor_slices((x, y)).repeat().batch(128).prefetch(4))
model = keras.Sequential([keras.layers.Dense(256, activation="relu") for _ in range(2)] + [keras.layers.Dense(10)])
optimizer = keras.optimizers.Adam()
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def step(images, labels):
    with tf.GradientTape() as tape:
        loss = loss_fn(labels, model(images, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))


measure(lambda: [step(*next(data)) for _ in range(50)], 50)
