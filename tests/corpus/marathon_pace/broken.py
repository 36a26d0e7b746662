# How fast will our club runners be in the autumn marathon?
# own training loop, because I wanted to understand what fit() does

import csv
import os
import numpy as np
import tensorflow as tf

os.chdir(os.path.dirname(os.path.abspath(__file__)))
tf.random.set_seed(3)
rng = np.random.default_rng(3)

COLUMNS = ["age", "female", "weekly_km", "long_run_km", "vo2max", "climb_m", "temp_c"]

rows = []
with open("runners.csv", newline="") as f:
    for r in csv.DictReader(f):
        rows.append([float(r[c]) for c in COLUMNS] + [float(r["finish"])])  # expect: target-scale
rows = np.array(rows, dtype=np.float32)
rng.shuffle(rows)

X = rows[:, :-1]
y = rows[:, -1:]  # expect-or: target-scale

n_train = int(len(rows) * 0.8)
mu = X[:n_train].mean(axis=0)
sigma = X[:n_train].std(axis=0)
X = (X - mu) / sigma

X_train, y_train = X[:n_train], y[:n_train]
X_test, y_test = X[n_train:], y[n_train:]
print("runners for training:", len(X_train), " for testing:", len(X_test))
print("mean finish:", y_train.mean(), " min:", y_train.min(), " max:", y_train.max())

train_ds = (
    tf.data.Dataset.from_tensor_slices((X_train, y_train))
    .shuffle(len(X_train), seed=3)
    .batch(32)
)

model = tf.keras.Sequential([
    tf.keras.layers.Input(shape=(len(COLUMNS),)),
    tf.keras.layers.Dense(32, activation="relu"),
    tf.keras.layers.Dense(1),
])
optimizer = tf.keras.optimizers.Adam(learning_rate=0.006)


@tf.function
def train_step(xb, yb):
    with tf.GradientTape() as tape:
        guess = model(xb, training=True)
        loss = tf.reduce_mean(tf.square(guess - yb))
    grads = tape.gradient(loss, model.trainable_variables)  # expect-or: target-scale
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


def r2(truth, guess):
    return 1 - np.sum((truth - guess) ** 2) / np.sum((truth - truth.mean()) ** 2)


EPOCHS = 30
for epoch in range(1, EPOCHS + 1):
    losses = []
    for xb, yb in train_ds:
        losses.append(float(train_step(xb, yb)))
    if epoch == 1 or epoch % 5 == 0:
        print(f"epoch {epoch:2d}  loss {np.mean(losses):.5g}  "
              f"R2 train {r2(y_train, model(X_train).numpy()):.3f}  "
              f"R2 test {r2(y_test, model(X_test).numpy()):.3f}")

guess = model(X_test).numpy()
print("mean absolute error relative to the mean finish: "
      f"{np.abs(guess - y_test).mean() / y_test.mean():.1%}")
print("some runners (real / predicted):")
for a, b in list(zip(y_test[:, 0], guess[:, 0]))[:5]:
    print(f"   {a:10.2f}  {b:10.2f}")
