# accelerometer gestures (3 axes, 30 samples each), five gestures, one recording after the other
import numpy as np
from keras.models import Sequential
from keras.layers import Input, GRU, Dense, Dropout
from keras.utils import set_random_seed, to_categorical

set_random_seed(17)
gen = np.random.default_rng(17)
GESTURES = ["circle", "shake", "swipe", "tap", "twist"]
T = np.linspace(0, 2 * np.pi, 30)


def record(kind, count):
    out = np.empty((count, 30, 3), dtype=np.float32)
    for i in range(count):
        ph, a = gen.uniform(0, 0.8), gen.uniform(0.7, 1.3)
        if kind == "circle":
            xyz = [np.sin(T + ph), np.cos(T + ph), 0 * T]
        elif kind == "shake":
            xyz = [np.sin(5 * T + ph), 0 * T, 0 * T]
        elif kind == "swipe":
            xyz = [np.linspace(-1, 1, 30), 0 * T, 0.3 * np.sin(T)]
        elif kind == "tap":
            xyz = [0 * T, 0 * T, np.exp(-((T - 3 + ph) ** 2) * 4)]
        else:
            xyz = [0 * T, np.sin(2 * T + ph), np.cos(2 * T + ph)]
        out[i] = a * np.stack(xyz, axis=1) + gen.normal(0, 0.25, (30, 3))
    return out


X, y = [], []
for label, g in enumerate(GESTURES):
    r = record(g, 240)
    X.append(r)
    y += [label] * len(r)
X = np.concatenate(X)
y = to_categorical(np.array(y), len(GESTURES))
mix = gen.permutation(len(X))
X, y = X[mix], y[mix]
print("X", X.shape, "y", y.shape)

model = Sequential()
model.add(Input(shape=(30, 3)))
model.add(GRU(24))
model.add(Dropout(0.2))
model.add(Dense(24, activation="relu"))
model.add(Dense(len(GESTURES), activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])

h = model.fit(X, y, batch_size=32, epochs=8, validation_split=0.2, shuffle=True, verbose=2)
print("val accuracy per epoch", np.round(h.history["val_accuracy"], 3))

for label, g in enumerate(GESTURES):
    p = np.argmax(model.predict(record(g, 50), verbose=0), axis=1)
    print("%-7s recognised %3d of 50" % (g, np.sum(p == label)))
