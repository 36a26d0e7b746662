# Route support tickets to the right queue with a small recurrent net.
import os
from dataclasses import dataclass

import numpy as np
import pandas as pd
import tensorflow as tf

HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass
class Config:
    vocab: int = 120
    maxlen: int = 12
    dim: int = 16
    units: int = 24
    batch: int = 64
    epochs: int = 8
    lr: float = 5e-3


def encode(text, cfg):
    ids = [int(tok[1:]) + 1 for tok in text.split()][: cfg.maxlen]
    return ids + [0] * (cfg.maxlen - len(ids))


def load(cfg):
    tickets = pd.read_csv(os.path.join(HERE, "tickets.csv"))
    queues = pd.read_csv(os.path.join(HERE, "queues.csv"))
    names = sorted(queues["queue"].unique())
    x = np.array([encode(t, cfg) for t in tickets["body"]], dtype="int32")
    routed = queues["queue"]  # expect: label-mismatch
    y = np.array([names.index(q) for q in routed], dtype="int32")
    return x, y, names


def as_dataset(x, y, cfg, training):
    ds = tf.data.Dataset.from_tensor_slices((x, y))
    if training:
        ds = ds.shuffle(len(x), seed=3)
    return ds.batch(cfg.batch).prefetch(1)


def build(cfg, n_queues):
    inp = tf.keras.Input((cfg.maxlen,), dtype="int32")
    h = tf.keras.layers.Embedding(cfg.vocab + 1, cfg.dim)(inp)
    h = tf.keras.layers.SimpleRNN(cfg.units)(h)
    out = tf.keras.layers.Dense(n_queues, activation="softmax")(h)
    return tf.keras.Model(inp, out)


if __name__ == "__main__":
    cfg = Config()
    tf.keras.utils.set_random_seed(11)
    x, y, names = load(cfg)
    cut = int(len(x) * 0.8)
    train = as_dataset(x[:cut], y[:cut], cfg, True)
    val = as_dataset(x[cut:], y[cut:], cfg, False)
    model = build(cfg, len(names))
    model.compile(tf.keras.optimizers.Adam(cfg.lr), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(train, validation_data=val, epochs=cfg.epochs, verbose=2)
    print("queues:", names)
    print("val accuracy %.3f" % model.evaluate(val, verbose=0)[1])
