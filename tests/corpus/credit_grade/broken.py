#!/usr/bin/env python
# coding: utf-8
# ## Loan grading (ordinal, A is best ... E is worst)
# Metric of the competition: quadratic weighted kappa

import numpy as np
import pandas as pd
import tensorflow as tf
import keras
from keras import layers
from sklearn.metrics import cohen_kappa_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import QuantileTransformer

keras.utils.set_random_seed(12)
N_FOLDS = 2
GRADES = ["E", "D", "C", "B", "A"]

# %% load
features = pd.read_csv("train_features.csv")
labels = pd.read_csv("train_labels.csv")  # expect-or: label-mismatch
print(features.shape, labels.shape)
print(labels["grade"].value_counts(normalize=True))
assert set(features["loan_id"]) == set(labels["loan_id"])

train = features.copy()
train["grade"] = labels["grade"]  # expect: label-mismatch
train["y"] = train["grade"].map({g: i for i, g in enumerate(GRADES)})

# %% features
cats = ["home", "purpose"]
nums = ["income", "utilisation", "late_payments", "years_employed"]
for c in cats:
    train[c] = train[c].astype("category").cat.codes
qt = QuantileTransformer(output_distribution="normal", n_quantiles=200, random_state=0)
X_num = np.clip(qt.fit_transform(train[nums]), -3, 3).astype("float32")
X_cat = train[cats].values.astype("int32")
y = train["y"].values

# cumulative targets: P(y > 0), P(y > 1), ...
Y = (y[:, None] > np.arange(len(GRADES) - 1)[None, :]).astype("float32")


def make_model():
    num = keras.Input((len(nums),))
    cat = keras.Input((len(cats),), dtype="int32")
    parts = [num]
    for j, c in enumerate(cats):
        parts.append(layers.Embedding(int(X_cat[:, j].max()) + 1, 3)(cat[:, j]))
    z = layers.Concatenate()(parts)
    z = layers.Dense(48, activation="relu")(z)
    z = layers.Dropout(0.1)(z)
    z = layers.Dense(24, activation="relu")(z)
    p = layers.Dense(len(GRADES) - 1, activation="sigmoid")(z)
    m = keras.Model([num, cat], p)
    m.compile(optimizer=keras.optimizers.Adam(3e-3), loss="binary_crossentropy")
    return m


# %% CV
oof = np.zeros(len(train), dtype=int)
skf = StratifiedKFold(N_FOLDS, shuffle=True, random_state=12)
for k, (a, b) in enumerate(skf.split(X_num, y)):
    m = make_model()
    h = m.fit([X_num[a], X_cat[a]], Y[a], validation_data=([X_num[b], X_cat[b]], Y[b]),
              epochs=9, batch_size=96, verbose=0)
    oof[b] = (m.predict([X_num[b], X_cat[b]], verbose=0) > 0.5).sum(1)
    print("fold", k, "loss %.4f val_loss %.4f" % (h.history["loss"][-1], h.history["val_loss"][-1]),
          "QWK %.4f" % cohen_kappa_score(y[b], oof[b], weights="quadratic"))

print("CV QWK: %.4f" % cohen_kappa_score(y, oof, weights="quadratic"))
