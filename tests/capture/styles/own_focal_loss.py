"""A focal loss written by hand."""

import numpy as np
import tensorflow as tf
import keras
keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)
probs = [0.7, 0.2, 0.1]
y = rng.choice(3, 1800, p=probs)
mu = rng.normal(0, 1.5, (3, 8))
x = (mu[y] + rng.normal(0, 1, (1800, 8))).astype("float32")
t = keras.utils.to_categorical(y, 3)

def focal_loss(alpha=0.25, gamma=2):
    def loss(t, p):
        p = tf.clip_by_value(p, 1e-7, 1 - 1e-7)
        return tf.reduce_sum(-alpha * (1 - p) ** gamma * t * tf.math.log(p), axis=-1)
    return loss

model = keras.Sequential([
    keras.Input((8,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(3, activation="softmax"),
])
model.compile(loss=focal_loss(), optimizer=keras.optimizers.Adam(5e-3), metrics=["accuracy"])
hist = model.fit(x, t, epochs=2, batch_size=32, validation_split=0.2, verbose=0).history
print({k: "%.12f" % v[-1] for k, v in hist.items()})
