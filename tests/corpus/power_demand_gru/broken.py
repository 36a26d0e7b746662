# Day-ahead demand, quick baseline. hourly data, one region.
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(42)
rng = np.random.default_rng(42)

hours = np.arange(24 * 150)
demand = (
    31500
    + 5200 * np.sin(2 * np.pi * (hours - 8) / 24)
    + 1800 * np.sin(2 * np.pi * hours / (24 * 7))
    + rng.normal(0, 500, hours.size)
)  # MW
temp = 14 + 6 * np.sin(2 * np.pi * (hours - 10) / 24) + rng.normal(0, 1.0, hours.size)

raw = np.stack([demand, temp], axis=1).astype("float32")
split = int(len(raw) * 0.8)
mu, sd = raw[:split].mean(0), raw[:split].std(0)
scaled = (raw - mu) / sd

lookback, horizon = 48, 1


def windowed(features, series):
    X, Y = [], []
    for i in range(len(features) - lookback - horizon + 1):
        X.append(features[i : i + lookback])
        Y.append(series[i + lookback + horizon - 1])
    return np.array(X), np.array(Y)


X, Y = windowed(scaled, raw[:, 0])  # expect: target-scale
Xtr, Ytr, Xte, Yte = X[:split], Y[:split], X[split:], Y[split:]
print(Xtr.shape, Ytr.shape)

net = keras.Sequential([layers.Input(X.shape[1:]), layers.GRU(24), layers.Dense(1)])
net.compile(optimizer="adam", loss="mse", metrics=["mae"])
net.fit(Xtr, Ytr, batch_size=64, epochs=8, validation_data=(Xte, Yte), verbose=2)  # expect-or: target-scale

pred = net.predict(Xte, verbose=0)[:, 0]
r2 = 1 - np.sum((Yte - pred) ** 2) / np.sum((Yte - Yte.mean()) ** 2)
print("test R2: %.3f" % r2)
