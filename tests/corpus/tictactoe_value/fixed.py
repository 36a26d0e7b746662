"""Learn the game-theoretic value of every tic-tac-toe position (solved by minimax)."""
from functools import lru_cache

import keras
import numpy as np

LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]


def winner(b):
    for i, j, k in LINES:
        if b[i] and b[i] == b[j] == b[k]:
            return b[i]
    return 0


@lru_cache(maxsize=None)
def value(b, turn):
    """+1 if the side to move wins with best play, 0 draw, -1 loss."""
    if winner(b):
        return -1
    empties = [i for i in range(9) if not b[i]]
    if not empties:
        return 0
    return max(-value(b[:i] + (turn,) + b[i + 1:], -turn) for i in empties)


def all_positions():
    start = (0,) * 9
    seen, todo = {start: 1}, [start]
    while todo:
        b = todo.pop()
        t = seen[b]
        if winner(b):
            continue
        for i in range(9):
            if not b[i]:
                nb = b[:i] + (t,) + b[i + 1:]
                if nb not in seen:
                    seen[nb] = -t
                    todo.append(nb)
    return seen


def planes(b, turn):
    b = np.array(b)
    return np.concatenate([b == turn, b == -turn, b == 0]).astype("float32")


keras.utils.set_random_seed(77)
positions = all_positions()
X = np.stack([planes(b, t) for b, t in positions.items()])
V = np.array([value(b, t) for b, t in positions.items()])
print(len(X), "positions; loss/draw/win:", np.bincount(V + 1))

perm = np.random.permutation(len(X))
X, V = X[perm], V[perm]
n_train = int(0.85 * len(X))
BATCH, EPOCHS = 64, 20

schedule = keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=EPOCHS * n_train // BATCH)
oracle = keras.Sequential([
    keras.Input((27,)),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(3, activation="softmax"),
])
oracle.compile(optimizer=keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
log = oracle.fit(X[:n_train], V[:n_train] + 1, validation_data=(X[n_train:], V[n_train:] + 1),
                 batch_size=BATCH, epochs=EPOCHS, verbose=0)
for e in range(4, EPOCHS, 5):
    print(f"epoch {e + 1:3d}  loss {log.history['loss'][e]:.4f}  acc {log.history['accuracy'][e]:.3f}"
          f"  unseen positions {log.history['val_accuracy'][e]:.3f}")

start = oracle.predict(planes((0,) * 9, 1)[None], verbose=0)[0]
print("empty board: loss %.2f draw %.2f win %.2f" % tuple(start))
