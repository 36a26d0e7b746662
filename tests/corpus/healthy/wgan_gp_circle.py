import numpy as np
import tensorflow as tf

# WGAN-GP (Gulrajani et al. 2017) on a toy ring, to check the implementation
# before it goes into the image code base.

tf.random.set_seed(0)
np.random.seed(0)
LATENT, N_CRITIC, LAMBDA = 4, 3, 0.1
BATCH = 256


def real_batch(n):
    phi = np.random.uniform(0, 2 * np.pi, n)
    r = 1.0 + 0.08 * np.random.randn(n)
    return np.stack([r * np.cos(phi), r * np.sin(phi)], 1).astype(np.float32)


def mlp(n_in, n_out, act):
    return tf.keras.Sequential([
        tf.keras.Input((n_in,)),
        tf.keras.layers.Dense(64, activation=act),
        tf.keras.layers.Dense(64, activation=act),
        tf.keras.layers.Dense(n_out),
    ])


G = mlp(LATENT, 2, "relu")
D = mlp(2, 1, lambda t: tf.nn.leaky_relu(t, 0.2))
sched = tf.keras.optimizers.schedules.CosineDecay
opt_g = tf.keras.optimizers.Adam(sched(5e-4, 1200), beta_1=0.5, beta_2=0.9)
opt_d = tf.keras.optimizers.Adam(sched(1e-3, 1200 * N_CRITIC), beta_1=0.5, beta_2=0.9)


@tf.function(jit_compile=False)
def critic_step(x):
    n = tf.shape(x)[0]
    fake = G(tf.random.normal([n, LATENT]))
    eps = tf.random.uniform([n, 1])
    mid = eps * x + (1 - eps) * fake
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(mid)
            d_mid = D(mid)
        slope = tf.sqrt(tf.reduce_sum(inner.gradient(d_mid, mid) ** 2, axis=1) + 1e-12)
        penalty = tf.reduce_mean((slope - 1.0) ** 2)
        wdist = tf.reduce_mean(D(x)) - tf.reduce_mean(D(fake))
        loss = -wdist + LAMBDA * penalty
    opt_d.apply_gradients(zip(outer.gradient(loss, D.trainable_variables), D.trainable_variables))
    return loss, wdist


@tf.function
def generator_step():
    with tf.GradientTape() as tape:
        loss = -tf.reduce_mean(D(G(tf.random.normal([BATCH, LATENT]))))
    opt_g.apply_gradients(zip(tape.gradient(loss, G.trainable_variables), G.trainable_variables))
    return loss


def energy_distance(a, b):
    def m(u, v):
        return np.sqrt(((u[:, None] - v[None]) ** 2).sum(-1)).mean()
    return 2 * m(a, b) - m(a, a) - m(b, b)


held_out = real_batch(1000)
print("energy distance, two real samples: %.4f" % energy_distance(real_batch(1000), held_out))
for it in range(1, 1201):
    for _ in range(N_CRITIC):
        c_loss, w = critic_step(real_batch(BATCH))
    g_loss = generator_step()
    if it % 150 == 0:
        fake = G(tf.random.normal([1000, LATENT])).numpy()
        print("iter %4d  critic %+.4f  W %.4f  gen %+.4f  energy distance %.4f" % (
            it, c_loss, w, g_loss, energy_distance(fake, held_out)))

fake = G(tf.random.normal([2000, LATENT])).numpy()
rad = np.hypot(fake[:, 0], fake[:, 1])
sectors = np.bincount(((np.arctan2(fake[:, 1], fake[:, 0]) + np.pi) / (2 * np.pi) * 8).astype(int) % 8, minlength=8)
print("radius %.3f +- %.3f (real 1.000 +- 0.080)" % (rad.mean(), rad.std()))
print("share per octant", np.round(sectors / 2000, 3))
