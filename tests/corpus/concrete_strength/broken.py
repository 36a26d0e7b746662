import argparse
import sys

import numpy as np
import tensorflow as tf

# Compressive strength of concrete mixes.  usage: python script.py [--hidden 32] [--rate 0.002] ...

ap = argparse.ArgumentParser(description="strength of concrete mixes from their recipe")
ap.add_argument("--samples", type=int, default=1000)
ap.add_argument("--hidden", type=int, default=32)
ap.add_argument("--rate", type=float, default=0.0015)
ap.add_argument("--epochs", type=int, default=60)
ap.add_argument("--patience", type=int, default=5)
ap.add_argument("--min-delta", type=float, default=1.0)  # expect: too-few-steps
ap.add_argument("--seed", type=int, default=21)
opt = ap.parse_args()

tf.keras.utils.set_random_seed(opt.seed)
gen = np.random.RandomState(opt.seed)


def mixes(n):
    cement = gen.uniform(120, 520, n)
    water = gen.uniform(125, 240, n)
    slag = gen.uniform(0, 300, n)
    ash = gen.uniform(0, 180, n)
    plast = gen.uniform(0, 25, n)
    age = np.exp(gen.uniform(np.log(3), np.log(180), n))
    binder = cement + 0.8 * slag + 0.5 * ash
    ratio = binder / water
    mpa = 16 * ratio ** 1.1 * (0.35 + 0.2 * np.log(age) / np.log(10)) + 0.35 * plast
    mpa = mpa + gen.normal(0, 3.0, n)
    cols = np.stack([cement, water, slag, ash, plast, np.log(age)], axis=1)
    return cols, mpa[:, None]


recipe, strength = mixes(opt.samples)
cut = int(0.8 * opt.samples)
mean, std = recipe[:cut].mean(0), recipe[:cut].std(0)
recipe = ((recipe - mean) / std).astype(np.float32)

s_mean, s_std = strength[:cut].mean(), strength[:cut].std()
target = ((strength - s_mean) / s_std).astype(np.float32)

train_x, test_x = recipe[:cut], recipe[cut:]
train_y, test_y = target[:cut], target[cut:]

inputs = tf.keras.layers.Input(shape=(recipe.shape[1],))
z = tf.keras.layers.Dense(opt.hidden, activation="tanh")(inputs)
z = tf.keras.layers.Dense(opt.hidden, activation="tanh")(z)
outputs = tf.keras.layers.Dense(1)(z)
model = tf.keras.Model(inputs, outputs, name="concrete")
model.compile(
    optimizer=tf.keras.optimizers.Adam(learning_rate=opt.rate),
    loss="mse",
    metrics=["mae"],
)

stop = tf.keras.callbacks.EarlyStopping(
    monitor="val_mae",
    patience=opt.patience,
    min_delta=opt.min_delta,  # expect-or: too-few-steps
    restore_best_weights=True,
)

log = model.fit(
    train_x,
    train_y,
    validation_data=(test_x, test_y),
    batch_size=50,
    epochs=opt.epochs,
    callbacks=[stop],
    verbose=0,
)

for i, (a, b) in enumerate(zip(log.history["loss"], log.history["val_mae"]), start=1):
    if i < 5 or i % 5 == 0:
        print("epoch %3d   mse %.4f   val mae %.4f" % (i, a, b))

mpa_hat = model.predict(test_x, verbose=0) * s_std + s_mean
mpa_true = test_y * s_std + s_mean
err = np.abs(mpa_hat - mpa_true).mean()
r2 = 1 - ((mpa_hat - mpa_true) ** 2).sum() / ((mpa_true - mpa_true.mean()) ** 2).sum()
print("epochs run      :", len(log.history["loss"]), "of", opt.epochs)
print("test MAE        : %.2f MPa" % err)
print("test R2         : %.3f" % r2)
sys.exit(0)
