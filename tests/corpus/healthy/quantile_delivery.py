"""Delivery times: 10 %, 50 % and 90 % quantiles by pinball loss."""
import numpy as np
import pandas as pd
import keras
from keras import ops

keras.utils.set_random_seed(66)
rng = np.random.default_rng(66)
n = 6000
orders = pd.DataFrame({"km": rng.gamma(3, 2, n), "items": rng.poisson(3, n) + 1, "hour": rng.integers(8, 23, n), "rain": rng.integers(0, 2, n)})
rush = np.exp(-((orders.hour - 18) / 2.0) ** 2)
minutes = 12 + 2.5 * orders.km + 1.2 * orders["items"] + 10 * rush + 5 * orders.rain + (2 + 0.8 * orders.km) * rng.gamma(2, 0.7, n)

QS = np.array([0.1, 0.5, 0.9], "float32")


def pinball(y, q):
    e = y - q                                   # (batch, 1) - (batch, 3)
    return ops.mean(ops.maximum(QS * e, (QS - 1) * e), axis=-1)


a, b = 4200, 5100
mean, std = orders[:a].mean(), orders[:a].std()
Z = ((orders - mean) / std).to_numpy("float32")
ym, ys = minutes[:a].mean(), minutes[:a].std()
Y = ((minutes - ym) / ys).to_numpy("float32")[:, None]

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(48, "relu"), keras.layers.Dense(24, "relu"), keras.layers.Dense(len(QS))])
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss=pinball)
model.fit(Z[:a], Y[:a], validation_data=(Z[a:b], Y[a:b]), epochs=25, batch_size=64, verbose=2)

Q = model.predict(Z[b:], verbose=0)
flat = np.quantile(Y[:a], QS)[None]
print("pinball      ", float(np.mean(pinball(Y[b:], Q))), " unconditional quantiles", float(np.mean(pinball(Y[b:], np.repeat(flat, len(Q), 0).astype("float32")))))
print("coverage     ", dict(zip(QS.tolist(), (Y[b:] <= Q).mean(0).round(3).tolist())))
