# %% [markdown]
# Riders on line 6: one-hour-ahead forecast with a GRU

# %%
import os
import keras
import numpy as np
import pandas as pd
from sklearn.metrics import mean_absolute_error
from sklearn.preprocessing import StandardScaler

keras.utils.set_random_seed(404)
df = pd.read_csv(os.path.join(os.path.dirname(os.path.abspath(__file__)), "line6.csv"))
df.describe()

# %%
df["hs"] = np.sin(df.hour * 2 * np.pi / 24)
df["hc"] = np.cos(df.hour * 2 * np.pi / 24)
df["weekend"] = (df.weekday >= 5).astype(float)
feature_cols = ["riders", "temp", "rain", "hs", "hc", "weekend"]

split = 24 * 80
x_scaler = StandardScaler().fit(df[feature_cols].iloc[:split])
y_scaler = StandardScaler().fit(df[["riders"]].iloc[:split])
X = x_scaler.transform(df[feature_cols])
Y = y_scaler.transform(df[["riders"]])

# %%
HISTORY = 24


def make_windows(start, end):
    xs, ys = [], []
    for i in range(start + HISTORY, end):
        xs.append(X[i - HISTORY:i])
        ys.append(Y[i])
    return np.array(xs, dtype="float32"), np.array(ys, dtype="float32")


X_train, y_train = make_windows(0, split)
X_test, y_test = make_windows(split, len(df))
X_train.shape, X_test.shape

# %%
model = keras.Sequential()
model.add(keras.layers.Input(shape=(HISTORY, len(feature_cols))))
model.add(keras.layers.GRU(24))
model.add(keras.layers.Dense(16, activation="relu"))
model.add(keras.layers.Dense(1))
model.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate=0.004))
model.fit(X_train, y_train, epochs=12, batch_size=48, verbose=2, validation_split=0.1)

# %%
riders = df["riders"].to_numpy()
actual = riders[split + HISTORY:]
predicted = y_scaler.inverse_transform(model.predict(X_test, verbose=0)).ravel()
yesterday = riders[split:-HISTORY]

mae = mean_absolute_error(actual, predicted)
print(f"MAE same hour yesterday: {mean_absolute_error(actual, yesterday):.1f} riders")
print(f"MAE GRU:                 {mae:.1f} riders")
print(f"relative to mean load:   {mae / actual.mean():.1%}")

# %%
for d in (1, 5):
    s = slice(d * 24 + 6, d * 24 + 10)
    print("actual", actual[s], "predicted", predicted[s].round(1))
