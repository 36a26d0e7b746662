"""Next-day range of a coin from the last 15 daily bars (LSTM).

Input: ohlcv_2.csv  (date,open,high,low,close,volume), one row per day
"""
import pathlib
import numpy as np
import pandas as pd
from keras import Sequential, layers, optimizers, utils, callbacks

WINDOW = 15
HERE = pathlib.Path(__file__).parent
utils.set_random_seed(1234)

df = pd.read_csv(HERE / "ohlcv_2.csv", parse_dates=["date"]).sort_values("date").set_index("date")
print(df.tail(3))

# ---- features -------------------------------------------------------------
feat = pd.DataFrame(index=df.index)
feat["ret"] = np.log(df["close"]).diff()
feat["range"] = np.log(df["high"] / df["low"])
feat["gap"] = np.log(df["open"] / df["close"].shift(1))
feat["vol_chg"] = df["volume"].pct_change()
feat["ma_ratio"] = df["close"] / df["close"].rolling(10).mean() - 1
feat["range_5"] = feat["range"].rolling(5).mean()

target = np.log(feat["range"].shift(-1)).rename("target")
data = pd.concat([feat, target], axis=1).dropna()
print("usable days:", len(data))

split = int(len(data) * 0.8)
cols = list(feat.columns)
tr_mean = data[cols].iloc[:split].mean()
tr_std = data[cols].iloc[:split].std()
scaled = ((data[cols] - tr_mean) / tr_std).clip(-6, 6).to_numpy("float32")

t_mean, t_std = data["target"].iloc[:split].mean(), data["target"].iloc[:split].std()
tgt = ((data["target"] - t_mean) / t_std).to_numpy("float32")


def make_windows(first, last):
    xs = [scaled[i - WINDOW + 1 : i + 1] for i in range(max(first, WINDOW - 1), last)]
    ys = tgt[max(first, WINDOW - 1) : last]
    return np.stack(xs), ys.reshape(-1, 1)


x_train, y_train = make_windows(0, split)
x_val, y_val = make_windows(split + WINDOW, len(data))
print("train", x_train.shape, "val", x_val.shape)

# ---- model ----------------------------------------------------------------
model = Sequential(
    [
        layers.Input((WINDOW, len(cols))),
        layers.LSTM(16),
        layers.Dropout(0.1),
        layers.Dense(1),
    ]
)
model.compile(optimizers.Adam(2e-3, clipnorm=1.0), loss="mse", metrics=["mae"])
model.fit(
    x_train,
    y_train,
    validation_data=(x_val, y_val),
    epochs=10,
    batch_size=32,
    callbacks=[callbacks.ReduceLROnPlateau(patience=3, factor=0.5)],
    verbose=2,
)

pred = model.predict(x_val, verbose=0)
corr = np.corrcoef(pred[:, 0], y_val[:, 0])[0, 1]
naive = np.mean(np.abs(y_val))
print(f"val correlation {corr:.3f}   MAE {np.mean(np.abs(pred - y_val)):.3f}  (mean forecast {naive:.3f})")
