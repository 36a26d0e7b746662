"""A functional CNN with batch normalisation and two outputs, steps_per_execution, tf.data."""
import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(6)
x = np.random.rand(192, 12, 12, 3).astype("float32")
kind = np.random.randint(0, 3, 192)
size = x.mean(axis=(1, 2, 3), keepdims=False)[:, None] * 4
data = tf.data.Dataset.from_tensor_slices((x, {"kind": kind, "size": size})).batch(16)
inputs = keras.Input((12, 12, 3))
hidden = keras.layers.Conv2D(6, 3, use_bias=False)(inputs)
hidden = keras.layers.BatchNormalization()(hidden)
hidden = keras.layers.Activation("relu")(hidden)
hidden = keras.layers.GlobalAveragePooling2D()(hidden)
model = keras.Model(
    inputs,
    {
        "kind": keras.layers.Dense(3, activation="softmax", name="kind")(hidden),
        "size": keras.layers.Dense(1, name="size")(hidden),
    },
)
model.compile(
    optimizer="adam",
    loss={"kind": "sparse_categorical_crossentropy", "size": "mse"},
    steps_per_execution=4,
)
history = model.fit(data, epochs=2, verbose=0)
print({name: [round(float(v), 4) for v in values] for name, values in history.history.items()})
