"""Will a first-year student still be enrolled next autumn?

Files: train.csv, val_2.csv, test.csv (exported from the registry, one line per student)
"""
import pathlib

import numpy as np
import pandas as pd
from tensorflow import keras

base = pathlib.Path(__file__).resolve().parent
keras.utils.set_random_seed(15)

TARGET = "enrolled"


def read(name):
    t = pd.read_csv(base / f"{name}.csv")
    lab = t.pop(TARGET).to_numpy("float32")
    return t.to_numpy("float32"), lab


x_train, y_train = read("train")
x_val, y_val = read("val")
x_test, y_test = read("test")
for n, y in [("train", y_train), ("val", y_val), ("test", y_test)]:
    print(f"{n:5s} {len(y):5d} students, {y.mean():.1%} enrolled")

norm = keras.layers.Normalization()
norm.adapt(x_train)

model = keras.Sequential([
    keras.Input((x_train.shape[1],)),
    norm,
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(1),
])
model.compile(
    optimizer=keras.optimizers.Adam(1e-3),
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(threshold=0.0, name="acc")],
)

early = keras.callbacks.EarlyStopping(
    monitor="val_loss", patience=2, restore_best_weights=True, verbose=1
)
history = model.fit(
    x_train, y_train,
    validation_data=(x_val, y_val),
    epochs=40,
    batch_size=32,
    callbacks=[early],
    verbose=0,
)

tab = pd.DataFrame(history.history)
tab.index += 1
print(tab.iloc[:: max(1, len(tab) // 8)].round(3).to_string())


def accuracy(x, y):
    logits = model.predict_on_batch(x)[:, 0]
    return float(np.mean((logits > 0) == (y > 0.5)))


print("epochs trained :", len(tab))
print("train accuracy : %.3f" % accuracy(x_train, y_train))
print("val accuracy   : %.3f" % accuracy(x_val, y_val))
print("test accuracy  : %.3f" % accuracy(x_test, y_test))

# what matters most? permutation importance on the validation students
rng = np.random.default_rng(0)
ref = accuracy(x_val, y_val)
names = pd.read_csv(base / "val_2.csv", nrows=1).drop(columns=TARGET).columns
drops = {}
for j, name in enumerate(names):
    xp = x_val.copy()
    xp[:, j] = rng.permutation(xp[:, j])
    drops[name] = ref - accuracy(xp, y_val)
print("most important columns:")
print(pd.Series(drops).sort_values(ascending=False).head(5).round(3).to_string())
