# Day-ahead quantiles (10 / 50 / 90 %) of the hourly electricity load of a town.
# Meter spikes are left in the data on purpose: the pinball loss can live with them.
import os
import numpy as np
import pandas as pd
import tensorflow as tf

tf.keras.utils.set_random_seed(66)
table = pd.read_csv(os.path.join(os.path.dirname(__file__) or ".", "load.csv"))

QUANTILES = tf.constant([[0.1, 0.5, 0.9]])
HIST, AHEAD = 24, 6
n_train, n_val = 1900, 2250

load = table.load_mw.to_numpy("float32")
centre = np.median(load[:n_train])
spread = np.subtract(*np.quantile(load[:n_train], [0.84, 0.16])) / 2
z = (load - centre) / spread
temp = ((table.temperature - 8) / 6).to_numpy("float32")
hour = 2 * np.pi * (table.hour % 24) / 24
weekend = ((table.hour // 24) % 7 >= 5).to_numpy("float32")
cal = np.stack([np.sin(hour), np.cos(hour), np.sin(2 * hour), np.cos(2 * hour), weekend], 1).astype("float32")

series = np.concatenate([z[:, None], temp[:, None], cal], 1)


def windows(start, stop, shuffle):
    first = np.arange(start, stop - HIST - AHEAD)
    hist = np.stack([series[i:i + HIST] for i in first])
    when = first + HIST + AHEAD - 1
    known = np.concatenate([cal[when], temp[when][:, None]], 1)      # calendar and weather forecast
    ds = tf.data.Dataset.from_tensor_slices(((hist, known), z[when][:, None]))
    if shuffle:
        ds = ds.shuffle(len(first), seed=66)
    return ds.batch(64).prefetch(1), z[when]


train, z_train = windows(0, n_train, True)
val, z_val = windows(n_train, n_val, False)
test, z_test = windows(n_val, len(load), False)


def pinball(y, q):
    e = y - q                                  # (batch, 1) - (batch, 3)
    return tf.reduce_mean(tf.maximum(QUANTILES * e, (QUANTILES - 1.0) * e), axis=-1)


hist_in = tf.keras.Input((HIST, series.shape[1]))
known_in = tf.keras.Input((cal.shape[1] + 1,))
state = tf.keras.layers.GRU(24)(hist_in)
h = tf.keras.layers.Concatenate()([state, known_in])
h = tf.keras.layers.Dense(32, activation="relu")(h)
raw = tf.keras.layers.Dense(3)(h)
# the middle plus / minus positive widths: quantiles cannot cross
q = tf.keras.layers.Lambda(
    lambda r: tf.stack([r[:, 1] - tf.nn.softplus(r[:, 0]), r[:, 1], r[:, 1] + tf.nn.softplus(r[:, 2])], 1),
    output_shape=(3,))(raw)
model = tf.keras.Model([hist_in, known_in], q)
EPOCHS = 8
rate = tf.keras.optimizers.schedules.CosineDecay(5e-3, EPOCHS * len(train))
model.compile(optimizer=tf.keras.optimizers.Adam(rate, global_clipnorm=0.5), loss=pinball)
model.fit(train, validation_data=val, epochs=EPOCHS, verbose=2)

pred = model.predict(test, verbose=0)
flat = np.quantile(z_train, [0.1, 0.5, 0.9])[None].repeat(len(z_test), 0)
score = lambda p: float(tf.reduce_mean(pinball(z_test[:, None].astype("float32"), p.astype("float32"))) * spread)
inside = np.mean((z_test > pred[:, 0]) & (z_test < pred[:, 2]))
print(f"pinball loss on the test weeks: {score(pred):.2f} MW, constant quantiles {score(flat):.2f} MW")
print(f"inside the 10-90 % band: {inside:.1%}; median absolute error {np.median(np.abs(pred[:, 1] - z_test)) * spread:.1f} MW")
