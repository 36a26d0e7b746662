import numpy as np, pandas as pd
from pathlib import Path
import tensorflow as tf
from tensorflow import keras

LOOKBACK = 36      # hours seen
AHEAD = 3          # forecast NO2 three hours later
COLS = ["no2", "o3", "temp", "wind"]

keras.utils.set_random_seed(2023)


class StationData:
    def __init__(self, csv_name):
        path = Path(__file__).with_name(csv_name)
        self.frame = pd.read_csv(path, parse_dates=["stamp"]).set_index("stamp")
        self.frame["hour_sin"] = np.sin(2 * np.pi * self.frame.index.hour / 24)
        self.frame["hour_cos"] = np.cos(2 * np.pi * self.frame.index.hour / 24)
        self.cut = int(len(self.frame) * 0.8)
        head = self.frame.iloc[: self.cut]
        self.mu, self.sd = head.mean(), head.std()

    def windows(self, lo, hi):
        z = ((self.frame - self.mu) / self.sd).to_numpy(np.float32)[lo:hi]
        stop = len(z) - LOOKBACK - AHEAD + 1
        x = np.stack([z[i : i + LOOKBACK] for i in range(stop)])
        y = z[LOOKBACK + AHEAD - 1 :, 0][:stop]
        return x, y[:, None]


station = StationData("quay_station_v2.csv")
x_tr, y_tr = station.windows(0, station.cut)
x_te, y_te = station.windows(station.cut, len(station.frame))
print("windows", x_tr.shape, x_te.shape)

train = (tf.data.Dataset.from_tensor_slices((x_tr, y_tr))
         .shuffle(len(x_tr), seed=1).batch(64).prefetch(2))
test = tf.data.Dataset.from_tensor_slices((x_te, y_te)).batch(256)

inp = keras.Input((LOOKBACK, len(COLS) + 2))
u = keras.layers.Conv1D(24, 5, padding="causal", activation="relu")(inp)
u = keras.layers.Conv1D(24, 5, padding="causal", dilation_rate=4, activation="relu")(u)
u = keras.layers.Concatenate()([keras.layers.GlobalAveragePooling1D()(u), u[:, -1]])
u = keras.layers.Dense(32, activation="relu")(u)
model = keras.Model(inp, keras.layers.Dense(1)(u))

model.compile(optimizer=keras.optimizers.Adam(2e-3), loss=keras.losses.Huber(), metrics=["mae"])
model.fit(train, validation_data=test, epochs=12, verbose=2)

pred = model.predict(test, verbose=0)[:, 0] * station.sd["no2"] + station.mu["no2"]
true = y_te[:, 0] * station.sd["no2"] + station.mu["no2"]
naive = x_te[:, -1, 0] * station.sd["no2"] + station.mu["no2"]
print("MAE network     %.2f ug/m3" % np.mean(np.abs(pred - true)))
print("MAE persistence %.2f ug/m3" % np.mean(np.abs(naive - true)))
