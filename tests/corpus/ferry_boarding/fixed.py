# %% [markdown]
# ## Ferry passengers, next-day forecast
# Ten days of history (passengers, wind, weekday) -> passengers tomorrow.

# %%
import os
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.preprocessing import MinMaxScaler
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Input, GRU, Dense

tf.keras.utils.set_random_seed(12)
os.chdir(os.path.dirname(os.path.abspath(__file__)))

# %%
df = pd.read_csv("boarded.csv", parse_dates=["day"])
df["fri_sun"] = df.day.dt.dayofweek.isin([4, 6]).astype(int)
df["sat"] = (df.day.dt.dayofweek == 5).astype(int)
df["sin"] = np.sin(2 * np.pi * df.day.dt.dayofyear / 365)
df["cos"] = np.cos(2 * np.pi * df.day.dt.dayofyear / 365)
values = df[["boarded", "wind", "fri_sun", "sat", "sin", "cos"]].values.astype("float32")
df.describe().T[["mean", "std", "min", "max"]].round(1)

# %%
n_train = int((df.day < "2021-07-01").sum())
scaler = MinMaxScaler().fit(values[:n_train])
scaled = scaler.transform(values)


# %%
def windows(frame, start, stop, steps=10):
    X, y = [], []
    for i in range(start + steps, stop):
        X.append(frame[i - steps:i])
        y.append(frame[i, 0])
    return np.array(X), np.array(y)


X_train, y_train = windows(scaled, 0, n_train)
X_test, y_test = windows(scaled, n_train - 10, len(df))
print(X_train.shape, y_train.shape, X_test.shape, y_test.shape)

# %%
model = Sequential()
model.add(Input(shape=X_train.shape[1:]))
model.add(GRU(24))
model.add(Dense(1))
model.compile(optimizer=tf.keras.optimizers.Adam(0.003), loss="mse")
model.summary()

# %%
history = model.fit(X_train, y_train, epochs=16, batch_size=32,
                    validation_data=(X_test, y_test), verbose=0)
print("loss     ", [float(f"{v:.4g}") for v in history.history["loss"][::4]])
print("val_loss ", [float(f"{v:.4g}") for v in history.history["val_loss"][::4]])

# %%
forecast = model.predict(X_test, verbose=0)[:, 0]
ss = np.mean((forecast - y_test) ** 2)
yesterday = X_test[:, -1, 0]
print("explained variance of the test days: %.3f" % (1 - ss / np.var(y_test)))
print("correlation with the test days:      %.3f" % np.corrcoef(forecast, y_test)[0, 1])
print("correlation of 'same as yesterday':  %.3f" % np.corrcoef(yesterday, y_test)[0, 1])
