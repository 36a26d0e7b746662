import numpy as np
from sklearn.datasets import fetch_california_housing, load_diabetes
from tensorflow import keras
rng = np.random.default_rng(0)
rooms = rng.uniform(1, 8, 1500); area = rooms * 20 + rng.normal(0, 8, 1500); age = rng.uniform(0, 60, 1500)
price = 3000 * area + 12000 * rooms - 900 * age + rng.normal(0, 9000, 1500) + 50000
X = np.c_[rooms, area, age]; X = (X - X.mean(0)) / X.std(0); price = (price - price.mean()) / price.std()
model = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
model.fit(X[:1200], price[:1200], epochs=30, verbose=0)
p = model.predict(X[1200:], verbose=0)[:, 0]
print("R2", 1 - ((p - price[1200:]) ** 2).mean() / price[1200:].var())
