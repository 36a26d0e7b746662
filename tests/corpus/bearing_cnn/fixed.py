# Bearing vibration, three conditions. Training accuracy is 1.0 quickly, val_accuracy stays at 0.0000
import numpy as np
import tensorflow as tf
from scipy import signal
from tensorflow import keras
from tensorflow.keras.layers import Conv1D, MaxPooling1D, GlobalAveragePooling1D, Dense, Input, Dropout

keras.utils.set_random_seed(5)
L = 128


def record(kind, n, seed):
    r = np.random.RandomState(seed)
    t = np.arange(L) / L
    out = []
    for _ in range(n):
        w = 0.6 * r.randn(L) + np.sin(2 * np.pi * 6 * t + r.rand() * 6.28)
        if kind == 1:
            w += 0.9 * np.sin(2 * np.pi * 21 * t + r.rand() * 6.28)
        if kind == 2:
            w += 1.6 * signal.square(2 * np.pi * 4 * (t + r.rand()), duty=0.08)
        out.append(w)
    return np.array(out, dtype="float32")


normal, inner, outer = record(0, 400, 1), record(1, 400, 2), record(2, 400, 3)

X = np.concatenate([normal, inner, outer])[..., None]
Y = np.array([0] * len(normal) + [1] * len(inner) + [2] * len(outer))
X = (X - X.mean()) / X.std()
perm = np.random.permutation(len(X))
X, Y = X[perm], Y[perm]
print("X", X.shape, "classes", np.bincount(Y))

inp = Input((L, 1))
h = Conv1D(16, 9, activation="relu", padding="same")(inp)
h = MaxPooling1D(2)(h)
h = Conv1D(32, 9, activation="relu", padding="same")(h)
h = GlobalAveragePooling1D()(h)
# h = Dropout(0.3)(h)
out = Dense(3, activation="softmax")(h)
model = keras.Model(inp, out)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

es = keras.callbacks.EarlyStopping(monitor="loss", patience=10)
hist = model.fit(X, Y, epochs=15, batch_size=32, validation_split=1 / 3, callbacks=[es], verbose=2)

Xt = np.concatenate([record(k, 100, 50 + k) for k in range(3)])[..., None]
Yt = np.repeat([0, 1, 2], 100)
Xt = (Xt - Xt.mean()) / Xt.std()
print("val_accuracy", hist.history["val_accuracy"][-1])
print("new recordings:", model.evaluate(Xt, Yt, verbose=0)[1])
