"""Mixed precision in fit."""

import numpy as np
import keras
from keras import layers, mixed_precision

mixed_precision.set_global_policy("mixed_float16")
keras.utils.set_random_seed(11)
rng = np.random.default_rng(11)
protos = rng.normal(size=(5, 12, 12, 1))
labels = rng.integers(0, 5, 1000)
images = (protos[labels] + 0.8 * rng.normal(size=(1000, 12, 12, 1))).astype("float32")

inputs = keras.Input((12, 12, 1))
x = layers.Conv2D(8, 3, activation="relu")(inputs)
x = layers.MaxPooling2D()(x)
x = layers.Flatten()(x)
x = layers.Dense(32, activation="relu")(x)
outputs = layers.Dense(5, activation="softmax", dtype="float32")(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
print(type(model.optimizer).__name__, model.dtype_policy.name)
h = model.fit(images[:800], labels[:800], epochs=2, batch_size=40, validation_data=(images[800:], labels[800:]), verbose=0)
for k, v in h.history.items():
    print(k, [repr(float(q)) for q in v])
print("steps", 6 * 20, "scale", float(keras.ops.convert_to_numpy(model.optimizer.dynamic_scale)))
