"""House-like prices in thousands, never scaled; Adam gets there."""
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(13)
rng = np.random.default_rng(13)
area = rng.uniform(40, 200, 2000)
rooms = np.round(area / 28 + rng.normal(0, 0.7, 2000))
age = rng.uniform(0, 80, 2000)
price = 2.4 * area + 12 * rooms - 0.8 * age + 40 + rng.normal(0, 12, 2000)
X = np.stack([area / 100, rooms, age / 40], 1).astype("float32")
y = price.astype("float32")

model = tf.keras.Sequential([
    tf.keras.layers.Input((3,)),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(1),
])
model.compile(optimizer=tf.keras.optimizers.Adam(0.01), loss="mse", metrics=["mae"])
model.fit(X[:1600], y[:1600], epochs=30, batch_size=32, verbose=2)
pred = model.predict(X[1600:], verbose=0)[:, 0]
print("R2", 1 - np.mean((pred - y[1600:]) ** 2) / np.var(y[1600:]))
