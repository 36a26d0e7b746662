import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras.layers import GRU, Dense, Dropout, Input, Reshape
from tensorflow.keras.models import Sequential

# electricity load of a small town, hourly; forecast the next 6 hours from the last 24
tf.keras.utils.set_random_seed(1)
rng = np.random.default_rng(1)

hours = pd.date_range("2022-01-03", periods=24 * 56, freq="h")
h, wd = hours.hour.to_numpy(), hours.dayofweek.to_numpy()
load = (
    5200
    + 1400 * np.sin((h - 7) / 24 * 2 * np.pi)
    + 500 * np.sin((h - 3) / 12 * 2 * np.pi)
    - 700 * (wd >= 5)
    + pd.Series(rng.normal(0, 60, len(hours))).ewm(span=4).mean().to_numpy() * 2
)
df = pd.DataFrame({"load": load, "hour_sin": np.sin(2 * np.pi * h / 24),
                   "hour_cos": np.cos(2 * np.pi * h / 24), "weekend": (wd >= 5) * 1.0}, index=hours)
print(df.describe().round(2))

LOOKBACK, AHEAD = 24, 6
cut = int(len(df) * 0.8)
lo, hi = df["load"].iloc[:cut].min(), df["load"].iloc[:cut].max()
df["load"] = (df["load"] - lo) / (hi - lo)
values = df.to_numpy("float32")

x, y = [], []
for end in range(LOOKBACK, len(values) - AHEAD):
    x.append(values[end - LOOKBACK:end])
    y.append(values[end:end + AHEAD, :1])
x, y = np.array(x), np.array(y)
n = cut - LOOKBACK
x_train, y_train = x[:n - AHEAD], y[:n - AHEAD]
x_val, y_val = x[n:], y[n:]
print(x_train.shape, y_train.shape, x_val.shape)

model = Sequential([
    Input((LOOKBACK, 4)),
    GRU(24),
    Dropout(0.3),
    Dense(AHEAD),
    Reshape((AHEAD, 1)),
])
model.compile(loss="mse", optimizer=tf.keras.optimizers.Adam(0.005), metrics=["mae"])
h = model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=11, batch_size=32, shuffle=False, verbose=2)

p = model.predict(x_val, verbose=0)
mae = np.abs(p - y_val).mean(axis=(0, 2)) * (hi - lo)
naive = np.abs(x_val[:, :AHEAD, :1] - y_val).mean() * (hi - lo)
for k, e in enumerate(mae, 1):
    print(f"hour +{k}: MAE {e:6.1f} kW")
print(f"same hour yesterday: {naive:.1f} kW")
print("share of variance explained: %.3f" % (1 - ((p - y_val) ** 2).mean() / y_val.var()))
