"""Keras layers with dropout under a hand-written eager tape loop, Adam."""
import hashlib

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(11)
x_train = np.random.randn(320, 8).astype("float32")
y_train = (x_train @ np.ones((8, 1)) + 1).astype("float32")

model = keras.Sequential(
    [
        keras.layers.Dense(16, activation="tanh"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(1),
    ]
)
optimizer = keras.optimizers.Adam(0.01)
loss_fn = keras.losses.MeanSquaredError()
for epoch in range(5):
    for start in range(0, 320, 32):
        x, y = x_train[start : start + 32], y_train[start : start + 32]
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    validation = loss_fn(y_train, model(x_train, training=False))
    print(epoch, float(loss), float(validation))
print(np.random.rand(), tf.random.uniform([1]).numpy())
print(hashlib.sha256(b"".join(w.tobytes() for w in model.get_weights())).hexdigest())
