import json
from pathlib import Path

import numpy as np
import keras
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

CONFIG = "run_a.json"  # expect-or: lr-too-high

with open(Path(__file__).parent / CONFIG) as f:
    cfg = json.load(f)  # expect-or: lr-too-high

keras.utils.set_random_seed(cfg["seed"])

X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype("float32")
X_train, X_test, y_train, y_test = train_test_split(
    X, y, test_size=0.25, stratify=y, random_state=cfg["seed"]
)

model = keras.Sequential([keras.Input((64,))])
for width in cfg["hidden"]:
    model.add(layers.Dense(width, activation="relu"))
model.add(layers.Dense(10, activation="softmax"))

opt = keras.optimizers.SGD(  # expect-or: lr-too-high
    learning_rate=cfg["learning_rate"],  # expect: lr-too-high
    momentum=cfg["momentum"],  # expect-or: lr-too-high
)  # expect-or: lr-too-high
model.compile(optimizer=opt, loss="sparse_categorical_crossentropy", metrics=["accuracy"])  # expect-or: lr-too-high

history = model.fit(  # expect-or: lr-too-high
    X_train,
    y_train,
    batch_size=cfg["batch_size"],
    epochs=cfg["epochs"],
    validation_data=(X_test, y_test),
    verbose=2,
)

loss, acc = model.evaluate(X_test, y_test, verbose=0)
print(f"test loss {loss:.4f}  test accuracy {acc:.4f}")
