"""Intent classification with additive attention pooling (functional API)."""
import argparse
from dataclasses import dataclass

import numpy as np
import keras
from keras import layers, ops


@dataclass
class HParams:
    vocab: int = 300
    length: int = 16
    n_intents: int = 20
    dim: int = 32
    lr: float = 3e-3
    batch: int = 64
    epochs: int = 8


def utterances(hp, n, rng):
    """Two cue words of the intent among filler words."""
    intent = rng.integers(hp.n_intents, size=n)
    x = rng.integers(100, hp.vocab, size=(n, hp.length))
    for cue in range(2):
        where = rng.integers(cue * hp.length // 2, (cue + 1) * hp.length // 2, size=n)
        x[np.arange(n), where] = 1 + intent * 4 + rng.integers(0, 4, size=n)
    return x.astype("int32"), intent


def attention_pool(h):
    score = layers.Dense(1)(layers.Dense(32, activation="tanh")(h))
    weight = layers.Softmax(axis=1, name="attention")(score)
    return ops.sum(h * weight, axis=1)


def build(hp):
    tokens = keras.Input((hp.length,), dtype="int32")
    h = layers.Embedding(hp.vocab, hp.dim)(tokens)
    h = layers.Conv1D(hp.dim, 3, padding="same", activation="relu")(h)
    pooled = attention_pool(h)
    z = layers.Dense(64, activation="relu")(pooled)
    probs = layers.Dense(hp.n_intents, activation="softmax", name="intent")(z)
    return keras.Model(tokens, probs)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, default=23)
    seed = ap.parse_args().seed
    keras.utils.set_random_seed(seed)
    hp = HParams()
    rng = np.random.default_rng(seed)
    x, y = utterances(hp, 4000, rng)
    model = build(hp)
    model.compile(
        optimizer=keras.optimizers.Adam(hp.lr),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    model.fit(x[:3200], y[:3200], batch_size=hp.batch, epochs=hp.epochs,
              validation_data=(x[3200:], y[3200:]), verbose=2)
    loss, acc = model.evaluate(x[3200:], y[3200:], verbose=0)
    print(f"validation: loss {loss:.4f}, accuracy {acc:.4f}")


if __name__ == "__main__":
    main()
