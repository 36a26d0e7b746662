# Crop suitability (A, B, C) of soil samples, from the field probe.
# probe.csv comes from the logger, the grades from the laboratory.
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.metrics import balanced_accuracy_score

keras.utils.set_random_seed(9)
here = Path(__file__).resolve().parent if "__file__" in globals() else Path(".")

probe = pd.read_csv(here / "probe.csv")
lab = pd.read_csv(here / "lab_2.csv")
df = probe.merge(lab, on="sample", how="inner", validate="one_to_one")
df["conductivity"] = np.log(df.conductivity)

predictors = ["ph", "clay_pct", "organic_pct", "moisture_pct", "conductivity"]
X = df[predictors].to_numpy("float32")
y = pd.get_dummies(df.suitability).to_numpy("float32")

X, X_test, y, y_test = train_test_split(X, y, test_size=0.2, random_state=2, stratify=y)

scale = keras.layers.Normalization()
scale.adapt(X)
model = keras.Sequential([
    keras.Input((len(predictors),)),
    scale,
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(3, activation="softmax"),
])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
rows = np.random.default_rng(0).permutation(len(X))
X, y = X[rows], y[rows]
model.fit(X, y, batch_size=32, epochs=25, validation_split=0.15, verbose=2)

p = model.predict(X_test, verbose=0)
print("balanced accuracy:", round(balanced_accuracy_score(y_test.argmax(1), p.argmax(1)), 3))
