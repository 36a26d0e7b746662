# %% Flat prices - small regression notebook
from pathlib import Path
import numpy as np
import pandas as pd
from tensorflow import keras

keras.utils.set_random_seed(42)
folder = Path(__file__).resolve().parent

# %%
df = pd.read_csv(folder / "flats_02.csv")
print(df.shape)
print(df.head())

# %%
train_df = df.sample(frac=0.8, random_state=0)
test_df = df.drop(train_df.index)

mean, std = train_df.mean(), train_df.std()
train_n = (train_df - mean) / std
test_n = (test_df - mean) / std

features = ["area", "rooms", "age", "distance", "energy"]
x_train = train_n[features].to_numpy("float32")
y_train = train_n["price"].to_numpy("float32")
x_test = test_n[features].to_numpy("float32")
y_test = test_n["price"].to_numpy("float32")

# %%
inputs = keras.Input(shape=(len(features),), name="flat")
h = keras.layers.Dense(64, activation="relu")(inputs)
h = keras.layers.Dense(32, activation="relu")(h)
price = keras.layers.Dense(1, name="price")(h)
model = keras.Model(inputs, price)
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse", metrics=["mae"])

# %%
hist = model.fit(x_train, y_train, validation_split=0.15, epochs=40, batch_size=32, verbose=0)
print("loss:", [round(v, 4) for v in hist.history["loss"][::8]])

# %%
full = test_df.dropna().index
x_ok = ((test_df.loc[full, features] - mean[features]) / std[features]).to_numpy("float32")
pred = model.predict(x_ok, verbose=0)[:, 0] * std["price"] + mean["price"]
err = np.abs(pred - test_df.loc[full, "price"].to_numpy()).mean()
print(f"mean absolute error on the test flats: {err:.2f} (std of price {std['price']:.1f})")
