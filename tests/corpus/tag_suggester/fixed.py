#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""Auto-tagging of support tickets: 8 tags, any number of them per ticket."""
import argparse

import numpy as np
from sklearn.datasets import make_multilabel_classification
from sklearn.metrics import f1_score, hamming_loss
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
import keras

p = argparse.ArgumentParser()
p.add_argument("--epochs", type=int, default=20)
p.add_argument("--bs", type=int, default=64)
p.add_argument("--lr", type=float, default=1e-3)
args = p.parse_args()

keras.utils.set_random_seed(0)

# word counts (stand-in for the real export, same shape)
counts, tags = make_multilabel_classification(
    n_samples=5000, n_features=60, n_classes=8, n_labels=3, length=80, random_state=5)
c_tr, c_te, t_tr, t_te = train_test_split(counts, tags, test_size=0.2, random_state=1)
sc = StandardScaler().fit(c_tr)
c_tr, c_te = sc.transform(c_tr), sc.transform(c_te)
print("tags per ticket: %.2f" % t_tr.sum(1).mean())

model = keras.Sequential([
    keras.layers.Input((60,)),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(8, activation="sigmoid"),
])
model.compile(
    optimizer=keras.optimizers.Adam(args.lr),
    loss="binary_crossentropy",
    metrics=[keras.metrics.F1Score(average="micro", threshold=0.5, name="f1")],
)
hist = model.fit(c_tr, t_tr.astype("float32"), validation_data=(c_te, t_te.astype("float32")),
                 epochs=args.epochs, batch_size=args.bs, verbose=0)
for e in range(0, args.epochs, 3):
    print(f"{e + 1:3d}  " + "  ".join(f"{k} {v[e]:.4f}" for k, v in hist.history.items()))

guess = (model.predict(c_te, verbose=0) > 0.5).astype(int)
print("tags given per ticket: %.2f" % guess.sum(1).mean())
print("micro F1 %.3f   hamming %.3f   all tags right %.3f" % (
    f1_score(t_te, guess, average="micro"), hamming_loss(t_te, guess), np.mean((guess == t_te).all(1))))
