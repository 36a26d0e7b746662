# -*- coding: utf-8 -*-
# Exported from a notebook: "Bike rentals per station and hour, Poisson network"

# %%
import json
import warnings
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.model_selection import train_test_split
from tensorflow.keras import layers as L

warnings.filterwarnings("ignore")
tf.random.set_seed(0)
np.random.seed(0)

# %%
df = pd.read_csv("train.csv")
df["datetime"] = pd.to_datetime(df["datetime"])
df["hour"] = df["datetime"].dt.hour
df["weekday"] = df["datetime"].dt.weekday
print(df.head(3))
print("mean rentals", df["count"].mean())

# %%
# integer codes for the embeddings (same file as the serving job), 0 is kept for unknown values
with open("category_codes.json") as f:
    CODES = json.load(f)
for col, codes in CODES.items():
    df[col + "_id"] = df[col].astype(str).map(codes).fillna(0).astype("int32")
df["temp_s"] = (df["temp"] - df["temp"].mean()) / df["temp"].std()

# %%
tr, te = train_test_split(df, test_size=0.25, random_state=1)


def inputs(part):
    x = {c + "_id": part[c + "_id"].values for c in CODES}
    x["temp_s"] = part["temp_s"].values.astype("float32")[:, None]
    return x


# %%
ins, feats = {}, []
for col, codes in CODES.items():
    i = L.Input((), dtype="int32", name=col + "_id")
    ins[col + "_id"] = i
    feats.append(L.Embedding(len(codes) + 1, 6)(i))
ins["temp_s"] = L.Input((1,), name="temp_s")
x = L.Concatenate()(feats + [ins["temp_s"]])
x = L.Dense(48, activation="relu")(x)
x = L.Dense(24, activation="relu")(x)
rate = L.Dense(1, activation="exponential")(x)
model = tf.keras.Model(ins, rate)
model.compile(tf.keras.optimizers.Adam(0.004), loss="poisson", metrics=["mae"])
model.fit(inputs(tr), tr["count"].values, validation_data=(inputs(te), te["count"].values),
          batch_size=64, epochs=20, verbose=2)

# %%
mu = model.predict(inputs(te), verbose=0).ravel()
yt = te["count"].values


def deviance(y, m):
    return 2 * np.mean(np.where(y > 0, y * np.log(np.maximum(y, 1) / m), 0) - (y - m))


print("D2 on the hold-out set: %.4f" % (1 - deviance(yt, mu) / deviance(yt, np.full(len(yt), tr["count"].mean()))))
