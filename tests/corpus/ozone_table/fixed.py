"""Ozone at the ring road station from the cheap sensor box (hourly averages)."""
import os

import keras
import numpy as np
import pandas as pd
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

keras.utils.set_random_seed(7)
here = os.path.dirname(os.path.abspath(__file__))

df = pd.read_csv(os.path.join(here, "air_station.csv"), na_values=[-9999])
print(df.shape)
print("missing per column:")
print(df.isna().sum().to_string())

df["hour_sin"] = np.sin(2 * np.pi * df["hour"] / 24)
df["hour_cos"] = np.cos(2 * np.pi * df["hour"] / 24)
df = df.drop(columns="hour")

X = df.drop(columns="O3")
y = df["O3"]

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=42)

med = X_train.median()
X_train = X_train.fillna(med)
X_test = X_test.fillna(med)

sc = StandardScaler()
X_train = sc.fit_transform(X_train)
X_test = sc.transform(X_test)

y_mean, y_std = y_train.mean(), y_train.std()

model = keras.Sequential([
    keras.layers.Input((X_train.shape[1],)),
    keras.layers.Dense(24, activation="relu"),
    keras.layers.Dense(12, activation="relu"),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse", metrics=["mae"])

history = model.fit(
    X_train, (y_train - y_mean) / y_std,
    validation_split=0.15,
    epochs=30, batch_size=32, verbose=0,
)
for k in ("loss", "val_loss"):
    print(k, [round(v, 3) for v in history.history[k][::6]])

pred = model.predict(X_test, verbose=0).ravel() * y_std + y_mean
print("test MAE  %.2f ug/m3" % mean_absolute_error(y_test, pred))
print("test R2   %.3f" % r2_score(y_test, pred))
print("std of ozone %.2f" % y_test.std())
