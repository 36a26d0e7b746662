#!/usr/bin/env python3
"""Route incoming support tickets to a team.

data/tickets.txt   one ticket per line
data/teams.txt     the team that solved it, one per line
"""
import argparse
import pathlib

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

TEAMS = ["billing", "technical", "shipping", "account"]
ROOT = pathlib.Path(__file__).resolve().parent


def read_lines(path):
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def load(folder):
    texts = read_lines(folder / "tickets.txt")
    teams = read_lines(folder / "teams.txt")  # expect: label-mismatch
    if len(texts) != len(teams):
        raise SystemExit(f"{len(texts)} tickets but {len(teams)} teams")
    labels = np.array([TEAMS.index(t) for t in teams], dtype="int32")  # expect-or: label-mismatch
    return np.array(texts), labels


def split(texts, labels, share, seed):
    order = np.random.RandomState(seed).permutation(len(texts))
    cut = int(len(texts) * (1 - share))
    a, b = order[:cut], order[cut:]
    return texts[a], labels[a], texts[b], labels[b]


def make_model(vocab_size, seq_len):
    return tf.keras.Sequential([
        layers.Input(shape=(seq_len,), dtype="int32"),
        layers.Embedding(vocab_size, 16),
        layers.GlobalAveragePooling1D(),
        layers.Dense(16, activation="relu"),
        layers.Dense(len(TEAMS), activation="softmax"),
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / "data")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--max-words", type=int, default=1000)
    parser.add_argument("--seq-len", type=int, default=20)
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()

    tf.keras.utils.set_random_seed(args.seed)
    texts, labels = load(args.data)  # expect-or: label-mismatch
    print("tickets:", len(texts), "per team:", dict(zip(TEAMS, np.bincount(labels).tolist())))
    x_tr, y_tr, x_va, y_va = split(texts, labels, 0.2, args.seed)

    vectorize = layers.TextVectorization(max_tokens=args.max_words,
                                         output_sequence_length=args.seq_len)
    vectorize.adapt(x_tr)
    x_tr, x_va = vectorize(x_tr).numpy(), vectorize(x_va).numpy()

    model = make_model(len(vectorize.get_vocabulary()), args.seq_len)
    model.compile(optimizer=tf.keras.optimizers.Adam(5e-3),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    model.fit(x_tr, y_tr, validation_data=(x_va, y_va),
              epochs=args.epochs, batch_size=32, verbose=2)

    guess = model.predict(x_va, verbose=0).argmax(axis=1)
    for k, team in enumerate(TEAMS):
        mask = y_va == k
        print(f"{team:10s} n={mask.sum():4d}  routed correctly {np.mean(guess[mask] == k):.1%}")
    print(f"overall {np.mean(guess == y_va):.1%}")


if __name__ == "__main__":
    main()
