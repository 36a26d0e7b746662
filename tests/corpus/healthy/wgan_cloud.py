"""WGAN-GP on a tilted cloud of points; same losses as in the improved-WGAN code."""
import numpy as np
import tensorflow as tf

tf.random.set_seed(8)
np.random.seed(8)

BATCH_SIZE = 64
LAMBDA = 1.0
CRITIC_ITERS = 5
ITERS = 480
Z_DIM = 3
CENTER = np.array([2.5, -1.5])
MIX = np.array([[0.8, 0.5], [0.0, 0.4]])


def real_points(n):
    return (np.random.randn(n, 2) @ MIX + CENTER).astype("float32")


def inf_train_gen():
    while True:
        yield real_points(BATCH_SIZE)


def mlp(n_in, n_out, width=48, name=None):
    return tf.keras.Sequential([
        tf.keras.layers.Input((n_in,)),
        tf.keras.layers.Dense(width, activation="tanh"),
        tf.keras.layers.Dense(width, activation="tanh"),
        tf.keras.layers.Dense(n_out),
    ], name=name)


G = mlp(Z_DIM, 2, name="generator")
D = mlp(2, 1, name="critic")
g_opt = tf.keras.optimizers.Adam(5e-4, beta_1=0.0, beta_2=0.9)
d_opt = tf.keras.optimizers.Adam(3e-3, beta_1=0.0, beta_2=0.9)


@tf.function
def critic_step(real):
    z = tf.random.normal((BATCH_SIZE, Z_DIM))
    fake = G(z)
    alpha = tf.random.uniform((BATCH_SIZE, 1))
    mixed = alpha * real + (1.0 - alpha) * fake
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            inner.watch(mixed)
            d_mixed = D(mixed)
        slopes = tf.sqrt(tf.reduce_sum(tf.square(inner.gradient(d_mixed, mixed)), axis=1) + 1e-12)
        penalty = LAMBDA * tf.reduce_mean((slopes - 1.0) ** 2)
        d_loss = tf.reduce_mean(D(fake)) - tf.reduce_mean(D(real)) + penalty
    d_opt.apply_gradients(zip(tape.gradient(d_loss, D.trainable_variables), D.trainable_variables))
    return d_loss


@tf.function
def generator_step():
    z = tf.random.normal((BATCH_SIZE, Z_DIM))
    with tf.GradientTape() as tape:
        g_loss = -tf.reduce_mean(D(G(z)))
    g_opt.apply_gradients(zip(tape.gradient(g_loss, G.trainable_variables), G.trainable_variables))
    return g_loss


data = inf_train_gen()
for it in range(1, ITERS + 1):
    for _ in range(CRITIC_ITERS):
        d_loss = critic_step(next(data))
    g_loss = generator_step()
    if it % 60 == 0:
        s = G(tf.random.normal((1000, Z_DIM))).numpy()
        print("[Sample] iter %4d  d_loss: %.5f, g_loss: %.5f   mean (%.2f, %.2f)" % (it, d_loss, g_loss, *s.mean(0)))

s, r = G(tf.random.normal((4000, Z_DIM))).numpy(), real_points(4000)
print("real mean", np.round(r.mean(0), 3), "cov", np.round(np.cov(r.T).ravel(), 3))
print("fake mean", np.round(s.mean(0), 3), "cov", np.round(np.cov(s.T).ravel(), 3))
