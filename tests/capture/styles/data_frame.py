"""Columns of a table by name, in a tf.data pipeline."""

import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras
keras.utils.set_random_seed(3)
rng = np.random.default_rng(3)

N = 1200
df = pd.DataFrame({
    "age": rng.integers(20, 75, N).astype("float32"),
    "chol": rng.normal(240, 40, N).astype("float32"),
    "thal": rng.choice(["fixed", "normal", "reversible"], N),
})
df["target"] = ((df.age - 47) / 15 + (df.chol - 240) / 40 + df.thal.map({"fixed": -1.5, "normal": 0, "reversible": 1.5})
                + rng.normal(0, .4, N) > 0).astype("int64")

def df_to_dataset(frame, shuffle=True, batch_size=32):
    frame = frame.copy()
    labels = frame.pop("target")
    ds = tf.data.Dataset.from_tensor_slices((dict(frame), labels))
    if shuffle:
        ds = ds.shuffle(len(frame), seed=0)
    return ds.batch(batch_size)

train_ds = df_to_dataset(df[:960])
val_ds = df_to_dataset(df[960:], shuffle=False)

inputs, encoded = {}, []
for name in ["age", "chol"]:
    col = keras.Input(shape=(1,), name=name)
    norm = keras.layers.Normalization()
    norm.adapt(train_ds.map(lambda x, y: tf.expand_dims(x[name], -1)))
    inputs[name] = col
    encoded.append(norm(col))
thal = keras.Input(shape=(1,), name="thal", dtype="string")
lookup = keras.layers.StringLookup(output_mode="int")
lookup.adapt(train_ds.map(lambda x, y: x["thal"]))
onehot = keras.layers.CategoryEncoding(num_tokens=lookup.vocabulary_size(), output_mode="one_hot")
encoded.append(onehot(lookup(thal)))
inputs["thal"] = thal

x = keras.layers.concatenate(encoded)
x = keras.layers.Dense(32, activation="relu")(x)
x = keras.layers.Dropout(0.2)(x)
out = keras.layers.Dense(1, activation="sigmoid")(x)
model = keras.Model(inputs, out)
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
h = model.fit(train_ds, epochs=2, validation_data=val_ds, verbose=0)
print("loss %.12f acc %.12f val %.12f" % (h.history["loss"][-1], h.history["accuracy"][-1], h.history["val_loss"][-1]))
