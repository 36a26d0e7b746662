"""One network called three times: no labels."""

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, Model
tf.keras.utils.set_random_seed(6)
rng = np.random.default_rng(6)
centres = rng.normal(0, 1.0, (8, 20)).astype("float32")

def triplets(n):
    c = rng.integers(0, 8, n)
    other = (c + rng.integers(1, 8, n)) % 8
    noise = lambda: rng.normal(0, .8, (n, 20)).astype("float32")
    return centres[c] + noise(), centres[c] + noise(), centres[other] + noise()

inp = layers.Input((20,))
h = layers.Dense(64, activation="relu")(inp)
embedding = layers.Dense(8)(h)
embedding = layers.UnitNormalization()(embedding)
encoder = Model(inp, embedding)
optimizer = tf.keras.optimizers.Adam(1e-3)
MARGIN = 0.5

@tf.function
def train_step(a, p, n):
    with tf.GradientTape() as tape:
        ea, ep, en = encoder(a, training=True), encoder(p, training=True), encoder(n, training=True)
        d_pos = tf.reduce_sum(tf.square(ea - ep), axis=1)
        d_neg = tf.reduce_sum(tf.square(ea - en), axis=1)
        loss = tf.reduce_mean(tf.maximum(d_pos - d_neg + MARGIN, 0.0))
    grads = tape.gradient(loss, encoder.trainable_variables)
    optimizer.apply_gradients(zip(grads, encoder.trainable_variables))
    return loss, tf.reduce_mean(tf.cast(d_pos < d_neg, tf.float32))

for i in range(40):
    loss, right = train_step(*map(tf.constant, triplets(64)))
    if i % 50 == 0 or i == 39:
        print("%3d loss %.10f ranked right %.6f" % (i, loss, right))
