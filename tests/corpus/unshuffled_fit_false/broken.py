# Optical digits with a small dense network
import argparse

import numpy as np
import keras
from keras import layers
from sklearn.datasets import load_digits

ap = argparse.ArgumentParser()
ap.add_argument("--epochs", type=int, default=12)
ap.add_argument("--batch", type=int, default=16)
ap.add_argument("--lr", type=float, default=0.05)
args = ap.parse_args()

keras.utils.set_random_seed(21)
bunch = load_digits()
x, y = bunch.data.astype("float32") / 16.0, bunch.target

# hold out a fifth of every digit
train_idx, test_idx = [], []
for digit in range(10):
    rows = np.flatnonzero(y == digit)
    k = len(rows) // 5
    test_idx.extend(rows[:k])
    train_idx.extend(rows[k:])
x_train, y_train = x[train_idx], y[train_idx]  # expect-or: unshuffled
x_test, y_test = x[test_idx], y[test_idx]

model = keras.Sequential(
    [
        keras.Input((64,)),
        layers.Dense(64, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    optimizer=keras.optimizers.SGD(args.lr, momentum=0.9),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(  # expect-or: unshuffled
    x_train,
    y_train,
    batch_size=args.batch,
    epochs=args.epochs,
    shuffle=False,  # expect: unshuffled
    validation_data=(x_test, y_test),
    verbose=2,
)

loss, acc = model.evaluate(x_test, y_test, verbose=0)
print(f"test accuracy: {acc:.3f}  test loss: {loss:.3f}")
