from functools import partial

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)

# --- vibration spectra of four bearing conditions -------------------------
bins = np.arange(40)
peaks = {0: [8], 1: [8, 16], 2: [8, 21], 3: [13, 26]}


def spectra(n):
    y = rng.integers(0, 4, n)
    x = rng.gamma(2.0, 0.15, (n, len(bins)))
    for k, c in enumerate(y):
        for p in peaks[int(c)]:
            x[k] += rng.uniform(0.3, 1.3) * np.exp(-0.5 * ((bins - p - rng.normal(0, 0.6)) / 1.2) ** 2)
    return x.astype("float32"), y.astype("int32")


x_train, y_train = spectra(1600)
x_test, y_test = spectra(300)

L = tf.keras.layers
net = tf.keras.Sequential([
    tf.keras.Input((40,)),
    L.Dense(64, use_bias=False), L.BatchNormalization(momentum=0.9), L.ReLU(),
    L.Dense(32, use_bias=False), L.BatchNormalization(momentum=0.9), L.ReLU(),
    L.Dense(4),
])
forward = partial(net, training=True)  # expect-or: train-mode

optimizer = tf.keras.optimizers.Adam(1e-3)


@tf.function
def fit_batch(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=forward(x)))
    grads = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(grads, net.trainable_variables))
    return loss


@tf.function
def score(x):
    return tf.nn.softmax(forward(x))  # expect: train-mode


for epoch in range(12):
    order = rng.permutation(len(x_train))
    losses = []
    for s in range(0, len(order), 64):
        b = order[s:s + 64]
        losses.append(float(fit_batch(x_train[b], y_train[b])))
    print("epoch %2d  loss %.4f" % (epoch + 1, np.mean(losses)))

# the plant sends one spectrum at a time, so score them that way
hits = 0
for x, y in zip(x_test, y_test):
    proba = score(tf.constant(x[None, :])).numpy()[0]
    hits += int(proba.argmax() == y)
print("online test accuracy: %.3f" % (hits / len(x_test)))
