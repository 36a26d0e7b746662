#!/usr/bin/env python
# coding: utf-8

# # House prices: neural network baseline with neighbourhood embedding

# In[1]:


import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import r2_score, mean_absolute_percentage_error
from sklearn.model_selection import KFold
from sklearn.preprocessing import LabelEncoder, StandardScaler
from tensorflow import keras
from tensorflow.keras import layers

SEED = 2023
keras.utils.set_random_seed(SEED)


# In[2]:


df = pd.read_csv("train.csv")
print(df.shape)
print(df.head().to_string())


# In[3]:


df["Age"] = 2021 - df["YearBuilt"]
df["AreaPerRoom"] = df["LivingArea"] / df["Rooms"]
NUM = ["LivingArea", "Rooms", "Age", "Quality", "GarageCars", "AreaPerRoom"]
le = LabelEncoder()
df["Neighborhood_le"] = le.fit_transform(df["Neighborhood"])


# In[4]:


def build_model(n_num, n_cat):
    num = keras.Input((n_num,), name="num")
    cat = keras.Input((), dtype="int32", name="cat")
    e = layers.Embedding(n_cat, 4)(cat)
    x = layers.Concatenate()([num, e])
    x = layers.Dense(64, activation="relu")(x)
    x = layers.Dense(32, activation="relu")(x)
    out = layers.Dense(1)(x)
    model = keras.Model([num, cat], out)
    model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")  # expect-or: target-scale
    return model


# In[5]:


y = df["SalePrice"].values.astype("float32")  # expect: target-scale
cat = df["Neighborhood_le"].values.astype("int32")
oof = np.zeros(len(df))

for fold, (tr, va) in enumerate(KFold(2, shuffle=True, random_state=SEED).split(df)):
    sc = StandardScaler().fit(df.loc[tr, NUM])
    x_tr = sc.transform(df.loc[tr, NUM]).astype("float32")
    x_va = sc.transform(df.loc[va, NUM]).astype("float32")
    model = build_model(len(NUM), len(le.classes_))
    h = model.fit([x_tr, cat[tr]], y[tr], validation_data=([x_va, cat[va]], y[va]),
                  epochs=12, batch_size=48, verbose=0)
    oof[va] = model.predict([x_va, cat[va]], verbose=0).ravel()
    print(f"fold {fold}: loss {h.history['loss'][0]:.5g} -> {h.history['loss'][-1]:.5g}  "
          f"val_loss {h.history['val_loss'][-1]:.5g}  R2 {r2_score(y[va], oof[va]):.4f}")


# In[6]:


print("OOF R2: %.4f" % r2_score(y, oof))
