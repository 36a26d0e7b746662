"""A Wasserstein GAN with gradient penalty: a tape within a tape, in a tf.function."""

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(5)
rng = np.random.RandomState(5)
theta = rng.uniform(0, 2 * np.pi, 4096)
data = (np.stack([np.cos(theta), np.sin(theta)], 1) + 0.05 * rng.randn(4096, 2)).astype(np.float32)
ds = iter(tf.data.Dataset.from_tensor_slices(data).shuffle(4096, seed=1).repeat().batch(64, drop_remainder=True))

def mlp(n_in, n_out, name):
    return tf.keras.Sequential([tf.keras.Input((n_in,)), tf.keras.layers.Dense(32, "relu"), tf.keras.layers.Dense(32, "relu"),
                                tf.keras.layers.Dense(n_out)], name=name)

G, D = mlp(4, 2, "G"), mlp(2, 1, "critic")
g_opt = tf.keras.optimizers.Adam(3e-4, beta_1=0.0, beta_2=0.9)
d_opt = tf.keras.optimizers.Adam(3e-3, beta_1=0.0, beta_2=0.9)

def gradient_penalty(real, fake):
    eps = tf.random.uniform([tf.shape(real)[0], 1])
    mix = eps * real + (1 - eps) * fake
    with tf.GradientTape() as t:
        t.watch(mix)
        score = D(mix, training=True)
    g = t.gradient(score, mix)
    norm = tf.sqrt(tf.reduce_sum(g ** 2, axis=1) + 1e-12)
    return tf.reduce_mean((norm - 1.0) ** 2)

@tf.function
def train_step(real):
    z = tf.random.normal([64, 4])
    with tf.GradientTape(persistent=True) as tape:
        fake = G(z, training=True)
        d_fake, d_real = D(fake, training=True), D(real, training=True)
        w = tf.reduce_mean(d_fake) - tf.reduce_mean(d_real)
        gp = gradient_penalty(real, fake)
        d_loss = w + 2.0 * gp
        g_loss = -tf.reduce_mean(d_fake)
    d_opt.apply_gradients(zip(tape.gradient(d_loss, D.trainable_variables), D.trainable_variables))
    g_opt.apply_gradients(zip(tape.gradient(g_loss, G.trainable_variables), G.trainable_variables))
    del tape
    return d_loss, g_loss, w, gp

for i in range(60):
    dl, gl, w, gp = train_step(next(ds))
    if i % 200 == 0 or i == 1199:
        print(i, *(f"{float(v):.9f}" for v in (dl, gl, w, gp)))
f = G(tf.random.normal([512, 4])).numpy()
print("radius", np.hypot(*f.T).mean())
