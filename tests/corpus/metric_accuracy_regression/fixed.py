"""Predict the strength of a mix from eight ingredients."""
import numpy as np
import tensorflow as tf
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.keras.utils.set_random_seed(21)
rng = np.random.default_rng(21)

n = 1500
mix = rng.uniform(0, 1, size=(n, 8))
strength = (
    6 * mix[:, 0] + 4 * mix[:, 1] * mix[:, 2] - 3 * mix[:, 3]
    + 2 * np.sin(3 * mix[:, 4]) + 0.15 * rng.normal(size=n)
)

x_tr, x_te, y_tr, y_te = train_test_split(mix, strength, test_size=0.2, random_state=1)
sx, sy = StandardScaler().fit(x_tr), StandardScaler().fit(y_tr[:, None])
x_tr, x_te = sx.transform(x_tr), sx.transform(x_te)
y_tr, y_te = sy.transform(y_tr[:, None]), sy.transform(y_te[:, None])

inputs = tf.keras.Input((8,), name="mix")
h = tf.keras.layers.Dense(48, activation="relu")(inputs)
h = tf.keras.layers.Dense(48, activation="relu")(h)
model = tf.keras.Model(inputs, tf.keras.layers.Dense(1, name="strength")(h))

model.compile(optimizer=tf.keras.optimizers.Adam(2e-3), loss="mse", metrics=["mae"])
history = model.fit(x_tr, y_tr, validation_split=0.15, epochs=40, batch_size=32, verbose=2)

loss, score = model.evaluate(x_te, y_te, verbose=0)
print(f"test loss {loss:.4f}  test score {score:.4f}")
print("r2", round(r2_score(y_te, model.predict(x_te, verbose=0)), 3))
