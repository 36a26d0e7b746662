"""A table read from a file, split, scaled in one column, and given to fit as a table."""
import numpy as np
import pandas as pd
import tensorflow as tf
import keras

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
made = pd.DataFrame({"age": rng.uniform(0, 1, 200), "rooms": rng.integers(1, 6, 200), "flat": 1.0})
made["price"] = made["age"] + made["rooms"]
made.to_csv("houses.csv", index=False)

table = pd.read_csv("houses.csv")
features = table.drop(columns="price")
model = keras.Sequential([keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.01), "mse")
weights = np.where(np.arange(150) < 30, 0.0, 2.0)
model.fit(features[:150], table["price"][:150], sample_weight=weights, batch_size=50, epochs=2, verbose=0)
# Fifty of these seventy were trained on.
model.evaluate(features[100:170].values, table["price"][100:170].values, verbose=0)
print([float(np.abs(w).sum()) for w in model.get_weights()], rng.random(), float(tf.random.uniform([])))
