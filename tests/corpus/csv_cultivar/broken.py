from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf
from keras import Input, Model, layers, optimizers, utils

utils.set_random_seed(21)

wine = pd.read_csv(Path(__file__).with_name("wine_v1.csv"))  # expect-or: label-mismatch
target = wine["cultivar"].astype(int)  # expect-or: label-mismatch
table = wine.drop(columns="cultivar")
table = (table - table.mean()) / table.std()

X = table.to_numpy(np.float32)
Y = tf.one_hot(target, depth=3).numpy()  # expect: label-mismatch
X_tr, Y_tr = X[:130], Y[:130]
X_te, t_te = X[130:], target.to_numpy()[130:]

a = Input((13,))
b = layers.Dense(24, activation="relu")(a)
b = layers.Dense(24, activation="relu")(b)
c = layers.Dense(3, activation="softmax")(b)
net = Model(a, c)
net.compile(optimizers.Adam(5e-3), loss="categorical_crossentropy")  # expect-or: label-mismatch
h = net.fit(X_tr, Y_tr, batch_size=16, epochs=40, verbose=0)  # expect-or: label-mismatch

guess = net.predict(X_te, verbose=0).argmax(axis=1)
print("final loss  %.4f" % h.history["loss"][-1])
print("confusion (rows: cultivar)")
print(pd.crosstab(t_te, guess))
print("accuracy    %.3f" % np.mean(guess == t_te))
