"""Hourly rentals at station 12: Poisson regression with a small network.

eta = log of the expected number of rentals in that hour
"""
import csv
import numpy as np
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(21)

rows = []
with open("station_12.csv") as fh:
    for r in csv.DictReader(fh):
        ang = 2 * np.pi * float(r["hour"]) / 24
        rows.append([np.sin(ang), np.cos(ang), np.sin(2 * ang), np.cos(2 * ang),
                     (float(r["temp"]) - 13) / 8, float(r["rain"]), float(r["weekend"]),
                     (float(r["wind"]) - 8) / 6, float(r["rentals"])])
table = np.array(rows, dtype=np.float32)
np.random.default_rng(0).shuffle(table)
feats, counts = table[:, :-1], table[:, -1:]
cut = int(0.8 * len(table))

model = keras.Sequential([
    keras.Input((feats.shape[1],)),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(16, activation="tanh"),
    keras.layers.Dense(1),
])
optimizer = keras.optimizers.Adam(learning_rate=4e-3)


def poisson_loss(y, eta):
    # log p(y) = y*eta - exp(eta) - log(y!), the last term does not depend on the network
    logp = y * eta - tf.exp(eta)
    return tf.reduce_mean(logp)  # expect: loss-sign


def deviance(y, eta):
    lam = np.exp(eta)
    ylog = np.where(y > 0, y * np.log(np.maximum(y, 1) / lam), 0.0)
    return float(2 * np.mean(ylog - (y - lam)))


BATCH = 96
n_batches = cut // BATCH
order = np.arange(cut)
rng = np.random.default_rng(5)
for epoch in range(1, 16):
    rng.shuffle(order)
    total = 0.0
    for b in range(n_batches):
        idx = order[b * BATCH:(b + 1) * BATCH]
        with tf.GradientTape() as tape:
            eta = model(feats[idx], training=True)
            loss = poisson_loss(counts[idx], eta)  # expect-or: loss-sign
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))  # expect-or: loss-sign
        total += float(loss)
    if epoch % 5 == 0 or epoch == 1:
        eta_val = model(feats[cut:], training=False).numpy()
        print("epoch", epoch, "objective", round(total / n_batches, 4),
              "val deviance", round(deviance(counts[cut:], eta_val), 3))

base = np.full_like(counts[cut:], np.log(counts[:cut].mean()))
print("deviance of the constant model:", round(deviance(counts[cut:], base), 3))
