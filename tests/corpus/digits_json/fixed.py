import json
from pathlib import Path

import numpy as np
import keras
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

CONFIG = "run_b.json"

with open(Path(__file__).parent / CONFIG) as f:
    cfg = json.load(f)

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

opt = keras.optimizers.SGD(
    learning_rate=cfg["learning_rate"],
    momentum=cfg["momentum"],
)
model.compile(optimizer=opt, loss="sparse_categorical_crossentropy", metrics=["accuracy"])

history = model.fit(
    X_train,
    y_train,
    batch_size=cfg["batch_size"],
    epochs=cfg["epochs"],
    validation_data=(X_test, y_test),
    verbose=2,
)

loss, acc = model.evaluate(X_test, y_test, verbose=0)
print(f"test loss {loss:.4f}  test accuracy {acc:.4f}")
