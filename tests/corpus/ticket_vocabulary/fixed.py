"""
ticket router v2
----------------
tickets.csv  : export from the helpdesk (ticket, body, queue)
vocab.json   : made by the nightly vocabulary job

Trains an embedding + mean pooling classifier that picks the queue for a new ticket.
Kept deliberately small, it runs inside the helpdesk container.
"""
import argparse
import logging
import os
from collections import Counter

import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import confusion_matrix, f1_score

import text as T

LOG = logging.getLogger("router")
BASE = os.path.dirname(os.path.abspath(__file__))


def parse_args():
    ap = argparse.ArgumentParser()
    ap.add_argument("--tickets", default=os.path.join(BASE, "tickets.csv"))
    ap.add_argument("--vocab", default=os.path.join(BASE, "vocab.json"))
    ap.add_argument("--max-len", type=int, default=24)
    ap.add_argument("--dim", type=int, default=24)
    ap.add_argument("--epochs", type=int, default=9)
    ap.add_argument("--batch-size", type=int, default=32)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--seed", type=int, default=99)
    return ap.parse_args()


class TicketData:
    """Holds encoded tickets of the three parts and the queue names."""

    def __init__(self, csv_path, vocab_path, max_len, seed):
        frame = pd.read_csv(csv_path)
        frame = frame.dropna(subset=["body", "queue"]).drop_duplicates("body")
        self.queues = sorted(frame["queue"].unique())
        LOG.info("tickets per queue: %s", dict(Counter(frame["queue"])))

        self.vocab = {word: int(i) for i, word in T.read_vocab(vocab_path).items()}
        LOG.info("vocabulary of %d entries", len(self.vocab))

        frame = frame.sample(frac=1.0, random_state=seed).reset_index(drop=True)
        ids = T.encode(frame["body"].tolist(), self.vocab, max_len)
        labels = frame["queue"].map({q: i for i, q in enumerate(self.queues)}).to_numpy("int32")

        n = len(frame)
        a, b = int(n * 0.7), int(n * 0.85)
        self.parts = {
            "train": (ids[:a], labels[:a]),
            "val": (ids[a:b], labels[a:b]),
            "test": (ids[b:], labels[b:]),
        }

    @property
    def vocab_size(self):
        return len(self.vocab)

    def dataset(self, part, batch_size):
        x, y = self.parts[part]
        ds = tf.data.Dataset.from_tensor_slices((x, y))
        if part == "train":
            ds = ds.shuffle(len(x), reshuffle_each_iteration=True)
        return ds.batch(batch_size).prefetch(tf.data.AUTOTUNE)


class MeanOfWords(tf.keras.layers.Layer):
    """Average over the real words of a ticket."""

    def call(self, inputs):
        vectors, ids = inputs
        keep = tf.cast(tf.not_equal(ids, T.PAD), vectors.dtype)[..., None]
        total = tf.reduce_sum(vectors * keep, axis=1)
        return total / tf.maximum(tf.reduce_sum(keep, axis=1), 1.0)


def build_model(vocab_size, n_queues, args):
    ids = tf.keras.Input((args.max_len,), dtype="int32", name="ids")
    emb = tf.keras.layers.Embedding(vocab_size, args.dim)(ids)
    h = MeanOfWords()([emb, ids])
    h = tf.keras.layers.Dropout(0.2)(h)
    h = tf.keras.layers.Dense(32, activation="relu")(h)
    logits = tf.keras.layers.Dense(n_queues)(h)
    return tf.keras.Model(ids, logits)


def summarise(history):
    LOG.info("%6s %8s %8s %8s %8s", "epoch", "loss", "acc", "v_loss", "v_acc")
    for i in range(len(history["loss"])):
        if i % 2 == 0 or i == len(history["loss"]) - 1:
            LOG.info(
                "%6d %8.3f %8.3f %8.3f %8.3f",
                i + 1,
                history["loss"][i],
                history["accuracy"][i],
                history["val_loss"][i],
                history["val_accuracy"][i],
            )


def final_report(model, data):
    x, y = data.parts["test"]
    pred = np.argmax(model.predict(x, verbose=0), axis=1)
    cm = confusion_matrix(y, pred, labels=range(len(data.queues)))
    print(pd.DataFrame(cm, index=data.queues, columns=data.queues))
    print("accuracy  %.3f" % np.mean(pred == y))
    print("macro f1  %.3f" % f1_score(y, pred, average="macro", zero_division=0))


def main():
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    args = parse_args()
    tf.keras.utils.set_random_seed(args.seed)

    data = TicketData(args.tickets, args.vocab, args.max_len, args.seed)
    model = build_model(data.vocab_size, len(data.queues), args)
    model.compile(
        optimizer=tf.keras.optimizers.Adam(args.lr),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    h = model.fit(
        data.dataset("train", args.batch_size),
        validation_data=data.dataset("val", 256),
        epochs=args.epochs,
        verbose=0,
    )
    summarise(h.history)
    final_report(model, data)


if __name__ == "__main__":
    main()
