"""Which of two tones came first? SimpleRNN, gradients clipped by norm."""
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(22)
rng = np.random.default_rng(22)
T = 30


def batch(n):
    x = 0.1 * rng.normal(size=(n, T, 2))
    y = rng.integers(0, 2, n)
    a, b = rng.integers(0, 12, n), rng.integers(15, 27, n)
    x[np.arange(n), a, y] += 3.0
    x[np.arange(n), b, 1 - y] += 3.0
    return x.astype("float32"), y.astype("float32")[:, None]


model = tf.keras.Sequential([
    tf.keras.layers.SimpleRNN(24),
    tf.keras.layers.Dense(1),
])
opt = tf.keras.optimizers.Adam(0.005, clipnorm=1.0)
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = bce(y, model(x))
    opt.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    return loss


for i in range(500):
    loss = step(*batch(64))
    if i % 50 == 0:
        print(i, float(loss))
x, y = batch(1000)
print("accuracy", np.mean((model(x).numpy() > 0) == (y > 0.5)))
