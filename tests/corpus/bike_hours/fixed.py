import os

import pandas as pd
import tensorflow as tf
from sklearn.metrics import mean_absolute_error, r2_score
from tensorflow.keras import Model
from tensorflow.keras import layers as L

tf.random.set_seed(42)
HERE = os.path.dirname(os.path.abspath(__file__))


def load(path):
    d = pd.read_csv(path)
    d["started"] = pd.to_datetime(d["started"])
    d["hour"] = d["started"].dt.hour
    d["weekday"] = d["started"].dt.weekday
    d["temperature"] = (d["temperature"] - d["temperature"].mean()) / d["temperature"].std()
    d["trips"] = d["trips"] / 50.0
    return d


def columns(d):
    return {
        "hour": d["hour"].to_numpy("int32"),
        "weekday": d["weekday"].to_numpy("int32"),
        "weather": d[["temperature", "rain"]].to_numpy("float32"),
    }


def build():
    hour = L.Input((), dtype="int32", name="hour")
    weekday = L.Input((), dtype="int32", name="weekday")
    weather = L.Input((2,), name="weather")
    z = L.Concatenate()([L.Embedding(24, 8)(hour), L.Embedding(7, 3)(weekday), weather])
    z = L.Dense(64, activation="relu")(z)
    z = L.Dense(64, activation="relu")(z)
    return Model([hour, weekday, weather], L.Dense(1)(z))


data = load(os.path.join(HERE, "trips.csv"))
data = data.sample(frac=1.0, random_state=0)
cut = int(0.8 * len(data))
train, test = data.iloc[:cut], data.iloc[cut:]

model = build()
model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
model.fit(columns(train), train["trips"].to_numpy(), batch_size=48, epochs=25, verbose=0,
          validation_data=(columns(test), test["trips"].to_numpy()))

p = model.predict(columns(test), verbose=0)[:, 0]
print("R2 %.3f, MAE %.1f trips" % (r2_score(test["trips"], p), 50 * mean_absolute_error(test["trips"], p)))
