# Wrist gesture recognition from accelerometer traces of different lengths.
# GRU encoder + additive attention pooling, both mask aware.
import argparse

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

GESTURES = ["swipe", "circle", "shake", "tap", "lift"]
MAX_LEN = 32


def simulate(kind, rng):
    """One trace in g, shape (length, 3)."""
    n = int(rng.integers(16, MAX_LEN + 1))
    t = np.linspace(0.0, 1.0, n)
    amp = rng.uniform(0.35, 0.7)
    ph = rng.uniform(-0.4, 0.4)
    if kind == 0:
        sig = np.stack([amp * np.sin(2 * np.pi * t + ph), 0.1 * t, 0 * t], 1)
    elif kind == 1:
        sig = np.stack([amp * np.cos(2 * np.pi * t + ph), amp * np.sin(2 * np.pi * t + ph), 0 * t], 1)
    elif kind == 2:
        sig = np.stack([amp * np.sin(10 * np.pi * t + ph), 0 * t, amp * np.sin(10 * np.pi * t) / 2], 1)
    elif kind == 3:
        centre = rng.uniform(0.3, 0.7)
        sig = np.stack([0 * t, 0 * t, amp * np.exp(-(((t - centre) / 0.08) ** 2))], 1)
    else:
        sig = np.stack([0 * t, amp * np.sin(np.pi * t), amp * (t - 0.5)], 1)
    return sig + rng.normal(0, 0.04, sig.shape)


def record(count, rng):
    kinds = rng.integers(0, len(GESTURES), count)
    return [simulate(k, rng) for k in kinds], kinds


def to_batch(traces):
    return keras.utils.pad_sequences(traces, maxlen=MAX_LEN, padding="post", truncating="post")  # expect: degenerate-feature


class AttentionPool(layers.Layer):
    """Weighted mean over time; padded steps receive no weight."""

    def __init__(self, units=24, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.hidden = layers.Dense(units, activation="tanh")
        self.score = layers.Dense(1)

    def build(self, input_shape):
        self.hidden.build(input_shape)
        self.score.build((*input_shape[:-1], self.hidden.units))
        super().build(input_shape)

    def call(self, states, mask=None):
        logits = self.score(self.hidden(states))
        if mask is not None:
            logits += (1.0 - tf.cast(mask, logits.dtype))[..., None] * -1e9
        weights = tf.nn.softmax(logits, axis=1)
        return tf.reduce_sum(weights * states, axis=1)

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])


def build(width, lr):
    net = keras.Sequential(
        [
            keras.Input((MAX_LEN, 3)),
            layers.Masking(mask_value=0.0),
            layers.GRU(width, return_sequences=True),
            AttentionPool(),
            layers.Dense(32, activation="relu"),
            layers.Dense(len(GESTURES)),
        ]
    )
    net.compile(
        optimizer=keras.optimizers.Adam(lr),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return net


def parse():
    ap = argparse.ArgumentParser()
    ap.add_argument("--train", type=int, default=500)
    ap.add_argument("--valid", type=int, default=200)
    ap.add_argument("--epochs", type=int, default=7)
    ap.add_argument("--width", type=int, default=24)
    ap.add_argument("--lr", type=float, default=4e-3)
    return ap.parse_args()


def main():
    args = parse()
    keras.utils.set_random_seed(5)
    rng = np.random.default_rng(5)
    traces, kinds = record(args.train, rng)
    v_traces, v_kinds = record(args.valid, rng)
    print("traces:", len(traces), "lengths:", min(map(len, traces)), "to", max(map(len, traces)))

    net = build(args.width, args.lr)
    net.fit(
        to_batch(traces),
        kinds,
        validation_data=(to_batch(v_traces), v_kinds),
        batch_size=32,
        epochs=args.epochs,
        verbose=2,
    )
    guess = net.predict(to_batch(v_traces), verbose=0).argmax(1)
    for i, name in enumerate(GESTURES):
        hit = (guess[v_kinds == i] == i).mean()
        print(f"{name:>8s}: recall {hit:.2f}")


if __name__ == "__main__":
    main()
