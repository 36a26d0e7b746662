import argparse
import numpy as np
import tensorflow as tf
from tensorflow import keras

ap = argparse.ArgumentParser()
ap.add_argument("--epochs", type=int, default=10)
ap.add_argument("--hours", type=int, default=8000)
ap.add_argument("--seed", type=int, default=3)
args = ap.parse_args()
keras.utils.set_random_seed(args.seed)
rng = np.random.default_rng(args.seed)

# pressure differences to four stations, time of day, cloudiness
n = args.hours
dp = rng.normal(0, 3.0, (n, 4))
tod = rng.uniform(0, 24, n)
cloud = rng.beta(2, 2, n)
east = dp[:, 0] - dp[:, 1] + 2.5 * (1 - cloud) * np.sin(2 * np.pi * tod / 24)
north = dp[:, 2] - dp[:, 3] + 2.5 * (1 - cloud) * np.cos(2 * np.pi * tod / 24)
speed = np.hypot(east, north)
kappa = 0.5 + 1.8 * speed
theta = np.arctan2(north, east) + 0.6 + rng.vonmises(0.0, kappa)
theta = np.mod(theta, 2 * np.pi)

feats = np.column_stack([dp / 3.0, np.sin(2 * np.pi * tod / 24), np.cos(2 * np.pi * tod / 24), 2 * cloud - 1])
feats = feats.astype("float32")
cut = int(0.8 * n)
tr, te = slice(0, cut), slice(cut, n)


class VonMises(keras.losses.Loss):
    """Sum over the batch of the negative log density; the network emits kappa * (cos mu, sin mu)."""

    def __init__(self):
        super().__init__(reduction="sum", name="von_mises")

    def call(self, angle, vec):
        angle = tf.reshape(angle, [-1])
        k = tf.sqrt(tf.reduce_sum(vec ** 2, -1) + 1e-6)
        fit = vec[:, 0] * tf.cos(angle) + vec[:, 1] * tf.sin(angle)
        return tf.math.log(tf.math.bessel_i0e(k)) + k - fit + np.log(2 * np.pi)


def degrees_off(angle, vec):
    mu = tf.atan2(vec[:, 1], vec[:, 0])
    d = tf.reshape(angle, [-1]) - mu
    return tf.abs(tf.atan2(tf.sin(d), tf.cos(d))) * 180.0 / np.pi


inp = keras.Input((feats.shape[1],))
h = keras.layers.Dense(48, "relu")(inp)
h = keras.layers.Dense(48, "relu")(h)
out = keras.layers.Dense(2)(h)
compass = keras.Model(inp, out)
compass.compile(optimizer=keras.optimizers.Nadam(2e-3), loss=VonMises(), metrics=[degrees_off])
compass.fit(feats[tr], theta[tr].astype("float32"), batch_size=64, epochs=args.epochs, validation_split=0.1, verbose=2)

vec = compass.predict(feats[te], verbose=0)
mu, k = np.arctan2(vec[:, 1], vec[:, 0]), np.hypot(vec[:, 0], vec[:, 1])
err = np.degrees(np.abs(np.angle(np.exp(1j * (theta[te] - mu)))))
best = np.degrees(np.abs(np.angle(np.exp(1j * (theta[te] - np.arctan2(north, east)[te] - 0.6)))))
mean_dir = np.angle(np.exp(1j * theta[tr]).mean())
naive = np.degrees(np.abs(np.angle(np.exp(1j * (theta[te] - mean_dir)))))
print(f"mean error: network {err.mean():.1f} deg, mean direction {naive.mean():.1f} deg, true mean {best.mean():.1f} deg")
for lo, hi in ((0, 5), (5, 10), (10, 100)):
    m = (k >= lo) & (k < hi)
    print(f"  kappa {lo:3d}-{hi:3d}: {m.sum():4d} hours, error {err[m].mean():5.1f} deg, mean true kappa {kappa[te][m].mean():.1f}")
