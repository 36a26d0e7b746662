#!/usr/bin/env python
"""Route help-desk mails to a team.

    script.py --csv mails.csv --vocab 600 --epochs 10
"""
import argparse
import os

import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras import layers

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def parse():
    here = os.path.dirname(os.path.abspath(__file__))
    p = argparse.ArgumentParser()
    p.add_argument("--csv", default=os.path.join(here, "mails.csv"))
    p.add_argument("--vocab", type=int, default=600)
    p.add_argument("--words", type=int, default=60, help="length of a mail in tokens")
    p.add_argument("--dim", type=int, default=24)
    p.add_argument("--epochs", type=int, default=10)
    p.add_argument("--batch", type=int, default=32)
    return p.parse_args()


def read_mails(path):
    mails = pd.read_csv(path).sample(frac=1.0, random_state=0).reset_index(drop=True)
    teams = sorted(mails["team"].unique())
    codes = mails["team"].map({t: i for i, t in enumerate(teams)})
    return mails["body"].to_numpy(dtype=str), codes.to_numpy("int64"), teams


def classifier(vectorizer, dim, n_teams):
    net = tf.keras.Sequential([
        layers.Input(shape=(None,), dtype="int64"),
        layers.Embedding(vectorizer.vocabulary_size(), dim),
        layers.GlobalMaxPooling1D(),
        layers.Dropout(0.2),
        layers.Dense(n_teams),
    ])
    net.compile(
        optimizer=tf.keras.optimizers.Adam(0.01),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return net


def main():
    a = parse()
    tf.keras.utils.set_random_seed(77)
    body, team, names = read_mails(a.csv)
    cut = int(0.8 * len(body))
    print(len(body), "mails,", dict(zip(names, np.bincount(team).tolist())))

    vectorizer = layers.TextVectorization(
        max_tokens=a.vocab,
        standardize="lower_and_strip_punctuation",
        output_mode="int",
        output_sequence_length=a.words,
    )
    vectorizer.adapt(body[:cut])
    print("vocabulary:", vectorizer.vocabulary_size(), "tokens")

    train_ids = vectorizer(body[:cut]).numpy()
    test_ids = vectorizer(body[cut:]).numpy()

    net = classifier(vectorizer, a.dim, len(names))
    net.fit(
        train_ids, team[:cut],
        validation_data=(test_ids, team[cut:]),
        epochs=a.epochs, batch_size=a.batch, verbose=2,
    )

    guess = net.predict(test_ids, verbose=0).argmax(1)
    for i, name in enumerate(names):
        mask = team[cut:] == i
        print(f"{name:10s} recall {np.mean(guess[mask] == i):.2f}  ({mask.sum()} mails)")


if __name__ == "__main__":
    main()
