"""Elman network that forecasts the next value of a noisy wave."""
import numpy as np
import tensorflow as tf

np.random.seed(9)
tf.random.set_seed(9)

HIDDEN, LENGTH = 48, 80
time = np.arange(6000) * 0.1
wave = 3.0 * np.sin(time) + 2.0 * np.sin(0.63 * time) + 0.1 * np.random.randn(6000)
wave = wave.astype(np.float32)

Wx = tf.Variable(tf.random.normal([1, HIDDEN], stddev=0.3), name="Wx")
Wh = tf.Variable(tf.linalg.qr(tf.random.normal([HIDDEN, HIDDEN]))[0], name="Wh")
bh = tf.Variable(tf.zeros([HIDDEN]), name="bh")
Wy = tf.Variable(tf.random.normal([HIDDEN, 1], stddev=0.1), name="Wy")
by = tf.Variable(tf.zeros([1]), name="by")
params = [Wx, Wh, bh, Wy, by]


def rnn(x):
    """x: (batch, time) -> forecast (batch, 1)"""
    h = tf.zeros([tf.shape(x)[0], HIDDEN])
    for t in tf.range(LENGTH):
        h = tf.nn.relu(x[:, t, None] @ Wx + h @ Wh + bh)
    return h @ Wy + by


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(rnn(x) - y))
    grads = tape.gradient(loss, params)  # expect: exploding-gradient
    for p, g in zip(params, grads):
        p.assign_sub(0.02 * g)  # expect-or: exploding-gradient
    return loss


def batch(low, high, size=32):
    start = np.random.randint(low, high - LENGTH - 1, size)
    x = np.stack([wave[s : s + LENGTH] for s in start])
    y = np.stack([wave[s + LENGTH : s + LENGTH + 1] for s in start])
    return tf.constant(x), tf.constant(y)


for step in range(400):
    loss = train_step(*batch(0, 5000))
    if step % 40 == 0:
        print(f"step {step:3d} mse {float(loss):.4f}")
x, y = batch(5000, 6000, 256)
print(f"test mse {float(tf.reduce_mean(tf.square(rnn(x) - y))):.4f}, variance {wave.var():.4f}")
