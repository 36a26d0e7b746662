"""A functional model with named inputs and two outputs, given dicts of arrays; then the same from a dataset."""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
x = {"rooms": rng.integers(1, 6, 120).astype("float32"), "age": rng.uniform(0, 1, (120, 1)).astype("float32")}
y = {"price": rng.normal(size=(120, 1)).astype("float32"), "sold": rng.integers(0, 2, (120, 1)).astype("float32")}
inputs = {name: keras.Input((1,), name=name) for name in ("age", "rooms")}
hidden = keras.layers.Dense(4, activation="tanh")(keras.layers.Concatenate()([inputs["rooms"], inputs["age"]]))
outputs = {"price": keras.layers.Dense(1, name="price")(hidden),
           "sold": keras.layers.Dense(1, activation="sigmoid", name="sold")(hidden)}
model = keras.Model(inputs, outputs)
model.compile(keras.optimizers.SGD(0.01), {"price": "mse", "sold": "binary_crossentropy"})
model.fit(x, y, batch_size=30, epochs=1, verbose=0)

single = keras.Model(inputs, outputs["price"])
single.compile(keras.optimizers.SGD(0.01), "mse")
dataset = tf.data.Dataset.from_tensor_slices((x, y["price"])).batch(30)
single.fit(dataset, epochs=1, verbose=0, class_weight=None)
print([float(np.abs(w).sum()) for w in model.get_weights()], rng.random(), float(tf.random.uniform([])))
