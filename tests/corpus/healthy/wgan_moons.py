"""WGAN-GP for the two moons."""

import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons
from tensorflow import keras

keras.utils.set_random_seed(3)

LATENT = 2
BATCH = 128
N_CRITIC = 3
GP_WEIGHT = 0.5
STEPS = 1000

points, _ = make_moons(3000, noise=0.06, random_state=3)
points = ((points - points.mean(0)) / points.std(0)).astype("float32")
real_train, real_test = points[:2400], points[2400:]
dataset = iter(
    tf.data.Dataset.from_tensor_slices(real_train).shuffle(2400).repeat().batch(BATCH, drop_remainder=True)
)


def mlp(n_in, n_out, name):
    return keras.Sequential(
        [
            keras.Input((n_in,)),
            keras.layers.Dense(96, activation="leaky_relu"),
            keras.layers.Dense(96, activation="leaky_relu"),
            keras.layers.Dense(n_out),
        ],
        name=name,
    )


generator = mlp(LATENT, 2, "generator")
averaged = mlp(LATENT, 2, "averaged_generator")
averaged.set_weights(generator.get_weights())
critic = mlp(2, 1, "critic")
decay = keras.optimizers.schedules.CosineDecay
g_opt = keras.optimizers.Adam(decay(1e-3, STEPS), beta_1=0.0, beta_2=0.9)
c_opt = keras.optimizers.Adam(decay(2e-3, STEPS * N_CRITIC), beta_1=0.0, beta_2=0.9)


@tf.function
def critic_step(real):
    fake = generator(tf.random.normal((BATCH, LATENT)))
    mix = tf.random.uniform((BATCH, 1))
    between = mix * real + (1.0 - mix) * fake
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            inner.watch(between)
            score = critic(between)
        slope = tf.norm(inner.gradient(score, between) + 1e-12, axis=1)
        penalty = tf.reduce_mean((slope - 1.0) ** 2)
        distance = tf.reduce_mean(critic(real)) - tf.reduce_mean(critic(fake))
        loss = -distance + GP_WEIGHT * penalty
    grads = tape.gradient(loss, critic.trainable_variables)
    c_opt.apply_gradients(zip(grads, critic.trainable_variables))
    return loss, distance


@tf.function
def generator_step():
    with tf.GradientTape() as tape:
        loss = -tf.reduce_mean(critic(generator(tf.random.normal((BATCH, LATENT)))))
    grads = tape.gradient(loss, generator.trainable_variables)
    g_opt.apply_gradients(zip(grads, generator.trainable_variables))
    for slow, fast in zip(averaged.variables, generator.variables):
        slow.assign(0.98 * slow + 0.02 * fast)
    return loss


def energy_distance(a, b):
    def mean_dist(u, v):
        return np.sqrt(((u[:, None] - v[None]) ** 2).sum(-1)).mean()

    return 2 * mean_dist(a, b) - mean_dist(a, a) - mean_dist(b, b)


def sample(n=600):
    return averaged(tf.random.normal((n, LATENT))).numpy()


print(f"energy distance before training {energy_distance(sample(), real_test):.4f}")
for step in range(STEPS):
    for _ in range(N_CRITIC):
        c_loss, w = critic_step(next(dataset))
    g_loss = generator_step()
    if step % 200 == 0 or step == STEPS - 1:
        print(
            f"step {step:4d}  critic {c_loss:+.3f}  generator {g_loss:+.3f}  W {w:.3f}"
            f"  energy {energy_distance(sample(), real_test):.4f}"
        )

gauss = np.random.default_rng(0).multivariate_normal(real_train.mean(0), np.cov(real_train.T), 600)
print(f"two real samples {energy_distance(real_train[:600], real_test):.4f}")
print(f"fitted Gaussian {energy_distance(gauss, real_test):.4f}")
print(f"generator       {energy_distance(sample(), real_test):.4f}")
