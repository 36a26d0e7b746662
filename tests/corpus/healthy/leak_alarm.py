"""Pump-house leak alarms: roughly one hour in thirty-five is a leak.

Order of time is kept: fit on the first part, threshold on the middle part,
report on the last part.
"""
import numpy as np
import pandas as pd
import keras
from sklearn.metrics import average_precision_score, precision_recall_curve, recall_score, precision_score

keras.utils.set_random_seed(53)
rng = np.random.default_rng(53)
N = 9000
hour = np.arange(N)
demand = 40 + 14 * np.sin(2 * np.pi * hour / 24) + rng.normal(0, 3, N)
leak = np.zeros(N, int)
for s in rng.choice(N - 10, 110, replace=False):
    leak[s:s + rng.integers(1, 5)] = 1
flow = demand + leak * rng.uniform(6, 22, N)
press = 5.2 - 0.03 * flow - leak * rng.uniform(.25, .8, N) + rng.normal(0, .09, N)
vib = rng.gamma(2, .5, N) + leak * rng.uniform(.2, 2.4, N)
temp = 11 + 4 * np.sin(2 * np.pi * hour / 8760) + rng.normal(0, .5, N)
log = pd.DataFrame({"flow": flow, "press": press, "vib": vib, "temp": temp,
                    "s": np.sin(2 * np.pi * hour / 24), "c": np.cos(2 * np.pi * hour / 24)})
a, b = 5400, 7000
Z = ((log - log[:a].mean()) / log[:a].std()).to_numpy("float32")
y = leak.astype("float32")
print("share of leaks: fit %.4f, tune %.4f, report %.4f" % (y[:a].mean(), y[a:b].mean(), y[b:].mean()))

prior = y[:a].mean()
model = keras.Sequential([
    keras.Input((Z.shape[1],)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid",
                       bias_initializer=keras.initializers.Constant(np.log(prior / (1 - prior)))),
])
model.compile(keras.optimizers.Adam(2e-3), "binary_crossentropy",
              metrics=["accuracy", keras.metrics.AUC(curve="PR", name="pr")])
model.fit(Z[:a], y[:a], batch_size=256, epochs=40, verbose=0,
          validation_data=(Z[a:b], y[a:b]), class_weight={0: 1.0, 1: 12.0},
          callbacks=[keras.callbacks.EarlyStopping("val_pr", mode="max", patience=10,
                                                   restore_best_weights=True)])

p_tune = model.predict(Z[a:b], verbose=0).ravel()
prec, rec, thr = precision_recall_curve(y[a:b], p_tune)
cut = thr[np.argmax(2 * prec * rec / (prec + rec + 1e-9))]
p = model.predict(Z[b:], verbose=0).ravel()
print("threshold %.3f" % cut)
print("average precision %.3f (chance %.3f)" % (average_precision_score(y[b:], p), y[b:].mean()))
print("recall %.3f  precision %.3f" % (recall_score(y[b:], p > cut), precision_score(y[b:], p > cut)))
