"""Random search over rates and widths on the wine table; refit with the winner; report once on the test part."""
import itertools
import random

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

keras = tf.keras
SPACE = {
    "lr": [1e-4, 1e-3, 1e-2],
    "units": [1, 8, 32],
    "act": ["relu", "tanh", "sigmoid"],
    "opt": ["SGD", "Adam"],
}
FIRST = [
    {"lr": 1e-6, "units": 8, "act": "relu", "opt": "SGD"},
    {"lr": 3.0, "units": 32, "act": "relu", "opt": "SGD"},
    {"lr": 1e-2, "units": 1, "act": "sigmoid", "opt": "SGD"},
]

x, y = load_wine(return_X_y=True)
x_dev, x_test, y_dev, y_test = train_test_split(x, y, test_size=40, stratify=y, random_state=6)
x_fit, x_val, y_fit, y_val = train_test_split(x_dev, y_dev, test_size=35, stratify=y_dev, random_state=6)
scaler = StandardScaler().fit(x_fit)
x_fit, x_val = scaler.transform(x_fit), scaler.transform(x_val)


def make(hp):
    net = keras.Sequential([
        keras.Input((13,)),
        keras.layers.Dense(hp["units"], hp["act"]),
        keras.layers.Dense(3, "softmax"),
    ])
    optimizer = getattr(keras.optimizers, hp["opt"])(learning_rate=hp["lr"])
    net.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


def trial(hp, epochs=10):
    keras.utils.set_random_seed(0)
    net = make(hp)
    h = net.fit(x_fit, y_fit, batch_size=16, epochs=epochs, validation_data=(x_val, y_val), verbose=0,
                callbacks=[keras.callbacks.TerminateOnNaN()])
    last = h.history["val_loss"][-1]
    return (last if np.isfinite(last) else float("inf")), h.history["val_accuracy"][-1]


random.seed(12)
grid = [dict(zip(SPACE, combo)) for combo in itertools.product(*SPACE.values())]
trials = FIRST + random.sample([g for g in grid if g not in FIRST], 3)
board = []
for number, hp in enumerate(trials):
    val_loss, val_acc = trial(hp)
    board.append((val_loss, number, hp))
    print(f"trial {number}: val_loss {val_loss:8.4f} val_acc {val_acc:.3f}  {hp}")

val_loss, number, winner = min(board, key=lambda row: row[:2])
print("winner: trial", number, winner)

final_scaler = StandardScaler().fit(x_dev)
keras.utils.set_random_seed(1)
final = make(winner)
final.fit(final_scaler.transform(x_dev), y_dev, batch_size=16, epochs=10, verbose=0)
loss, acc = final.evaluate(final_scaler.transform(x_test), y_test, verbose=0)
print(f"refit on {len(x_dev)} rows, test loss {loss:.4f}, test accuracy {acc:.3f}")
