# %% [markdown]
# # Tomorrow's river stage from today's weather
# %%
from pathlib import Path

import numpy as np
import pandas as pd
import keras
from keras import layers

keras.utils.set_random_seed(1)
here = Path(__file__).parent

df = pd.read_csv(here / "gauge_daily.csv", parse_dates=["date"])
print(df.describe().round(2))

# %% features
df["log_rain"] = np.log1p(df["rain_mm"])
df["rain_3d"] = df["rain_mm"].rolling(3).sum()
df["rain_10d"] = df["rain_mm"].rolling(10).sum()
doy = df["date"].dt.day_of_year
df["season_s"] = np.sin(2 * np.pi * doy / 365.25)
df["season_c"] = np.cos(2 * np.pi * doy / 365.25)
df["tomorrow"] = df["stage_m"].shift(-1)
df = df.dropna()

cols = ["log_rain", "rain_3d", "rain_10d", "temp_c", "stage_m", "season_s", "season_c"]

# %% split by time, scale with the training part
cut = int(len(df) * 0.8)
train, test = df.iloc[:cut], df.iloc[cut:]
norm = layers.Normalization()
norm.adapt(train[cols].to_numpy("float32"))
y_mu, y_sd = train["tomorrow"].mean(), train["tomorrow"].std()


def xy(part):
    return part[cols].to_numpy("float32"), ((part["tomorrow"] - y_mu) / y_sd).to_numpy("float32")[:, None]


# %% model
inp = keras.Input((len(cols),))
z = norm(inp)
z = layers.Dense(32, activation="relu")(z)
z = layers.Dense(32, activation="relu")(z)
stage_net = keras.Model(inp, layers.Dense(1)(z))
stage_net.compile(keras.optimizers.Adam(2e-3), loss="mse")

Xa, ya = xy(train)
Xb, yb = xy(test)
hist = stage_net.fit(Xa, ya, epochs=30, batch_size=32, validation_data=(Xb, yb), verbose=0)
for e in (0, 4, 9, 19, 29):
    print(f"epoch {e + 1:3d} mse {hist.history['loss'][e]:.4f} val {hist.history['val_loss'][e]:.4f}")

# %% compare with persistence
pred = stage_net.predict(Xb, verbose=0)[:, 0] * y_sd + y_mu
truth = test["tomorrow"].to_numpy()
print("RMSE model       %.4f m" % np.sqrt(np.mean((pred - truth) ** 2)))
print("RMSE persistence %.4f m" % np.sqrt(np.mean((test["stage_m"].to_numpy() - truth) ** 2)))
