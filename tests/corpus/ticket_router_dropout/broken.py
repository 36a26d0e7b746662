"""Route support tickets to one of four desks.

Ported from the 2018 version of the service (TF 1.9).
"""
import argparse

import numpy as np
import tensorflow as tf
from tensorflow import keras

DESKS = {
    "billing": "invoice refund charge card payment vat receipt price credit bank",
    "network": "vpn wifi router dns slow cable latency proxy firewall timeout",
    "accounts": "password login locked username reset token badge email sso expired",
    "hardware": "laptop screen keyboard battery fan dock monitor printer mouse noise",
}
FILLER = "please help my the is not working since monday again hello team thanks urgent still with new old".split()


def make_tickets(n, rng):
    texts, labels = [], []
    names = list(DESKS)
    for _ in range(n):
        k = int(rng.integers(len(names)))
        own = DESKS[names[k]].split()
        stray = DESKS[names[int(rng.integers(len(names)))]].split()
        words = list(rng.choice(own, 4)) + list(rng.choice(stray, 1)) + list(rng.choice(FILLER, 7))
        rng.shuffle(words)
        texts.append(" ".join(words))
        labels.append(k)
    return np.array(texts), np.array(labels)


class Router(keras.Model):
    def __init__(self, vocab, width, keep_prob, **kw):
        super().__init__(**kw)
        self.keep_prob = keep_prob
        self.table = keras.layers.Embedding(vocab, 32)
        self.pool = keras.layers.GlobalAveragePooling1D()
        self.hid = [keras.layers.Dense(width, activation="relu") for _ in range(3)]
        self.out = keras.layers.Dense(len(DESKS))

    def call(self, ids, training=False):
        h = self.pool(self.table(ids))
        for layer in self.hid:
            h = layer(h)
            if training:
                h = tf.nn.dropout(h, self.keep_prob)  # expect: dropout-too-high
        return self.out(h)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--width", type=int, default=48)
    ap.add_argument("--keep-prob", type=float, default=0.95)
    ap.add_argument("--epochs", type=int, default=12)
    args = ap.parse_args()

    keras.utils.set_random_seed(8)
    rng = np.random.default_rng(8)
    texts, labels = make_tickets(2400, rng)
    vec = keras.layers.TextVectorization(max_tokens=200, output_sequence_length=12)
    vec.adapt(texts[:2000])
    ids = vec(texts).numpy()

    net = Router(vec.vocabulary_size(), args.width, args.keep_prob)
    net.compile(
        optimizer=keras.optimizers.Adam(3e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    net.fit(
        ids[:2000], labels[:2000], batch_size=64, epochs=args.epochs, verbose=2,
        validation_data=(ids[2000:], labels[2000:]),
    )
    pred = net.predict(ids[2000:], verbose=0).argmax(1)
    for k, desk in enumerate(DESKS):
        m = labels[2000:] == k
        print(f"{desk:10s} recall {np.mean(pred[m] == k):.2f}")


if __name__ == "__main__":
    main()
