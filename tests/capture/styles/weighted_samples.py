"""Class weights, and sample weights."""

import numpy as np
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Input, Dense
from tensorflow.keras.optimizers import SGD

tf.keras.utils.set_random_seed(12)
rng = np.random.default_rng(12)
n_neg, n_pos = 1350, 150
X = np.concatenate([rng.normal(0, 1, (n_neg, 5)), rng.normal(1.6, 1, (n_pos, 5))]).astype("float32")
y = np.concatenate([np.zeros(n_neg), np.ones(n_pos)]).astype("int32")
p = rng.permutation(len(X)); X, y = X[p], y[p]

def build():
    m = Sequential([Input((5,)), Dense(16, activation="relu"), Dense(1, activation="sigmoid")])
    m.compile(optimizer=SGD(0.1, momentum=0.9), loss="binary_crossentropy",
              metrics=["accuracy"], weighted_metrics=[tf.keras.metrics.Recall(name="rec")])
    return m

neg, pos = np.bincount(y)
total = neg + pos
weight_for_0 = (1 / neg) * total / 2.0
weight_for_1 = (1 / pos) * total / 2.0
print("class weights", weight_for_0, weight_for_1)
m1 = build()
h1 = m1.fit(X, y, epochs=2, batch_size=64, class_weight={0: weight_for_0, 1: weight_for_1}, verbose=0)
print("class_weight ", {k: "%.10f" % v[-1] for k, v in h1.history.items()})

# second: per-row weights (recent rows count more)
m2 = build()
sw = np.linspace(0.2, 1.0, len(X)).astype("float32")
h2 = m2.fit(X, y, epochs=2, batch_size=64, sample_weight=sw, verbose=0)
print("sample_weight", {k: "%.10f" % v[-1] for k, v in h2.history.items()})
