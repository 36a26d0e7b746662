"""Where does a drunken walker end up? An Elman network reads 60 steps on a plane."""
import numpy as np
import tensorflow as tf

np.random.seed(9)
tf.random.set_seed(9)

HIDDEN, LENGTH = 40, 60

Wx = tf.Variable(tf.random.normal([2, HIDDEN], stddev=0.3), name="Wx")
Wh = tf.Variable(tf.linalg.qr(tf.random.normal([HIDDEN, HIDDEN]))[0], name="Wh")
bh = tf.Variable(tf.zeros([HIDDEN]), name="bh")
Wy = tf.Variable(tf.random.normal([HIDDEN, 2], stddev=0.1), name="Wy")
by = tf.Variable(tf.zeros([2]), name="by")
params = [Wx, Wh, bh, Wy, by]


def rnn(x):
    h = tf.zeros([tf.shape(x)[0], HIDDEN])
    for t in tf.range(LENGTH):
        h = x[:, t] @ Wx + h @ Wh + bh
    return h @ Wy + by


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(rnn(x) - y))
    grads = tape.gradient(loss, params)
    grads, _ = tf.clip_by_global_norm(grads, 0.5)
    for p, g in zip(params, grads):
        p.assign_sub(0.01 * g)
    return loss


def walks(size=32):
    x = np.random.randn(size, LENGTH, 2).astype(np.float32)
    return tf.constant(x), tf.constant(x.sum(axis=1) / LENGTH**0.5)


for step in range(600):
    loss = train_step(*walks())
    if step % 60 == 0:
        print(f"step {step:3d} mse {float(loss):.4f}")
x, y = walks(512)
print(f"test mse {float(tf.reduce_mean(tf.square(rnn(x) - y))):.4f}, variance {y.numpy().var():.4f}")
