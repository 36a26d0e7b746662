"""Windows over a series: a graph knows neither how many there are in a batch nor how long they are."""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
series = np.cumsum(rng.normal(size=(420, 2)), axis=0).astype("float32") / 10


def windows(part, shuffle):
    labels = (part[11:-1, 0] > part[:-12, 0]).astype("float32")
    return keras.utils.timeseries_dataset_from_array(part[:-12], labels, 12, batch_size=30, shuffle=shuffle, seed=0)


model = keras.Sequential([keras.layers.GRU(4), keras.layers.Dense(1, activation="sigmoid")])
model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
model.fit(windows(series[:300], True), validation_data=windows(series[300:], False), epochs=3, verbose=0)
print([float(np.abs(w).sum()) for w in model.get_weights()], float(tf.random.uniform([])))
