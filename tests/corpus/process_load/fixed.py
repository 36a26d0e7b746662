#!/usr/bin/env python
# coding: utf-8

# Energy use of the production lines - MLP with embeddings

# In[1]:

import gc
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OrdinalEncoder, StandardScaler
import tensorflow as tf
from tensorflow.keras import layers, Model, Input
from tensorflow.keras.callbacks import ReduceLROnPlateau

tf.keras.utils.set_random_seed(1)

# In[2]:

data = pd.read_csv("readings_rev2.csv", parse_dates=["ts"], keep_default_na=False)
data.info()

# In[3]:  the flow meter column is text in the export

data["flow_rate"] = pd.to_numeric(data["flow_rate"], errors="coerce")
data["hour_sin"] = np.sin(2 * np.pi * data["ts"].dt.hour / 24)
data["hour_cos"] = np.cos(2 * np.pi * data["ts"].dt.hour / 24)
data["dow"] = data["ts"].dt.dayofweek

CATS = ["line", "shift", "dow"]
NUMS = ["ambient_temp", "humidity", "flow_rate", "pressure", "hour_sin", "hour_cos"]
TARGET = "energy_kwh"

# In[4]:

enc = OrdinalEncoder()
data[CATS] = enc.fit_transform(data[CATS])
train, valid = train_test_split(data, test_size=0.2, random_state=7)
scaler = StandardScaler()
train_num = scaler.fit_transform(train[NUMS]).astype("float32")
valid_num = scaler.transform(valid[NUMS]).astype("float32")
mu, sd = train[TARGET].mean(), train[TARGET].std()
y_train = ((train[TARGET] - mu) / sd).values.astype("float32")
y_valid = ((valid[TARGET] - mu) / sd).values.astype("float32")


def to_inputs(frame, num):
    d = {c: frame[c].values.astype("int32") for c in CATS}
    d["num"] = num
    return d


# In[5]:

ins, embs = {}, []
for c, levels in zip(CATS, enc.categories_):
    ins[c] = Input((), dtype="int32", name=c)
    embs.append(layers.Embedding(len(levels), min(4, (len(levels) + 1) // 2))(ins[c]))
ins["num"] = Input((len(NUMS),), name="num")
x = layers.Concatenate()(embs + [ins["num"]])
x = layers.Dense(64, activation="relu")(x)
x = layers.Dense(32, activation="relu")(x)
model = Model(ins, layers.Dense(1)(x))
model.compile("adam", "mse", metrics=["mae"])

# In[6]:

model.fit(to_inputs(train, train_num), y_train, validation_data=(to_inputs(valid, valid_num), y_valid),
          epochs=25, batch_size=32, verbose=2, callbacks=[ReduceLROnPlateau(patience=5, factor=0.5)])
gc.collect()

# In[7]:

pred = model.predict(to_inputs(valid, valid_num), verbose=0).ravel() * sd + mu
print("valid RMSE [kWh]: %.4f   (std of target %.4f)" % (np.sqrt(np.mean((pred - valid[TARGET].values) ** 2)), sd))
