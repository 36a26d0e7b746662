"""Route support tickets to a queue: small attention model fed by tf.data."""
import json
import numpy as np
import pandas as pd
import tensorflow as tf
import keras
from keras import layers

SETTINGS = {
    "tickets": "tickets.npz",
    "queues": "queues_0612.csv",
    "vocab": 240,
    "width": 24,
    "batch": 48,
    "epochs": 7,
}


def load(settings):
    pack = np.load(settings["tickets"])
    tickets = pd.DataFrame({"ticket_id": pack["ticket_id"], "row": np.arange(len(pack["ticket_id"]))})
    queues = pd.read_csv(settings["queues"])
    joined = tickets.merge(queues, on="ticket_id", how="inner", validate="one_to_one")
    names = sorted(joined["queue"].unique())
    y = joined["queue"].map({q: i for i, q in enumerate(names)}).to_numpy("int32")
    x = pack["tokens"][joined["row"].to_numpy()].astype("int32")
    return x, y, names


def dataset(x, y, batch, training):
    ds = tf.data.Dataset.from_tensor_slices((x, y))
    if training:
        ds = ds.shuffle(len(x), seed=3)
    return ds.batch(batch).prefetch(2)


def build(settings, n_tokens, n_queues):
    inp = keras.Input((n_tokens,), dtype="int32")
    h = layers.Embedding(settings["vocab"], settings["width"])(inp)
    att = layers.MultiHeadAttention(num_heads=2, key_dim=12)(h, h)
    h = layers.LayerNormalization()(h + att)
    h = layers.GlobalAveragePooling1D()(h)
    h = layers.Dense(32, activation="relu")(h)
    out = layers.Dense(n_queues, activation="softmax")(h)
    model = keras.Model(inp, out)
    model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main():
    keras.utils.set_random_seed(5)
    x, y, names = load(SETTINGS)
    order = np.random.default_rng(0).permutation(len(x))
    x, y = x[order], y[order]
    cut = 1440
    train = dataset(x[:cut], y[:cut], SETTINGS["batch"], True)
    val = dataset(x[cut:], y[cut:], SETTINGS["batch"], False)
    model = build(SETTINGS, x.shape[1], len(names))
    model.fit(train, validation_data=val, epochs=SETTINGS["epochs"], verbose=2)
    _, acc = model.evaluate(val, verbose=0)
    print(json.dumps({"val_accuracy": round(float(acc), 3), "queues": names}))


if __name__ == "__main__":
    main()
