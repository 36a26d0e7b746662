"""GAN on a banana-shaped density: both losses hover near their equilibrium values by design."""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(21)
rng = np.random.default_rng(21)
LATENT, BATCH, STEPS = 4, 128, 1500


def real(n):
    u = rng.standard_normal(n)
    return np.stack([u, 0.6 * (u ** 2 - 1) + 0.3 * rng.standard_normal(n)], axis=1).astype("float32")


gen = keras.Sequential([keras.Input((LATENT,)),
                        keras.layers.Dense(48, activation="relu"),
                        keras.layers.Dense(48, activation="relu"),
                        keras.layers.Dense(2)])
disc = keras.Sequential([keras.Input((2,)),
                         keras.layers.Dense(48), keras.layers.LeakyReLU(0.2),
                         keras.layers.Dense(48), keras.layers.LeakyReLU(0.2),
                         keras.layers.Dense(1)])
g_opt = keras.optimizers.Adam(1e-3, beta_1=0.5)
d_opt = keras.optimizers.Adam(1e-3, beta_1=0.5)
bce = tf.nn.sigmoid_cross_entropy_with_logits
avg_weights = [tf.Variable(w) for w in gen.trainable_variables]


@tf.function
def train_step(x, z):
    with tf.GradientTape() as d_tape:
        fake = tf.stop_gradient(gen(z))
        real_logit, fake_logit = disc(x), disc(fake)
        d_loss = 0.5 * tf.reduce_mean(bce(labels=0.9 * tf.ones_like(real_logit), logits=real_logit)
                                      + bce(labels=tf.zeros_like(fake_logit), logits=fake_logit))
    d_opt.apply_gradients(zip(d_tape.gradient(d_loss, disc.trainable_variables), disc.trainable_variables))
    with tf.GradientTape() as g_tape:
        logit = disc(gen(z))
        g_loss = tf.reduce_mean(bce(labels=tf.ones_like(logit), logits=logit))
    g_opt.apply_gradients(zip(g_tape.gradient(g_loss, gen.trainable_variables), gen.trainable_variables))
    for a, w in zip(avg_weights, gen.trainable_variables):
        a.assign(0.99 * a + 0.01 * w)
    return d_loss, g_loss


def energy_distance(a, b):
    def mean_dist(p, q):
        return np.sqrt(((p[:, None] - q[None]) ** 2).sum(-1)).mean()
    return 2 * mean_dist(a, b) - mean_dist(a, a) - mean_dist(b, b)


holdout = real(800)
z_eval = rng.standard_normal((800, LATENT)).astype("float32")
before = energy_distance(gen(z_eval).numpy(), holdout)
d_hist, g_hist = [], []
for step in range(STEPS):
    d, g = train_step(tf.constant(real(BATCH)), tf.constant(rng.standard_normal((BATCH, LATENT)).astype("float32")))
    d_hist.append(float(d))
    g_hist.append(float(g))
    if step % 300 == 299:
        print(f"step {step + 1:5d}  d {np.mean(d_hist[-50:]):.3f}  g {np.mean(g_hist[-50:]):.3f}")

for w, a in zip(gen.trainable_variables, avg_weights):
    w.assign(a)
print(f"energy distance to held-out data: before {before:.4f}, after {energy_distance(gen(z_eval).numpy(), holdout):.4f}, "
      f"real vs real {energy_distance(real(800), holdout):.4f}")
