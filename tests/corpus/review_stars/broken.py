"""Positive / negative for short product reviews.  usage: review_stars.py [--epochs N ...]"""
import argparse
import pathlib
import sys

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models, optimizers

folder = pathlib.Path(__file__).resolve().parent
ap = argparse.ArgumentParser(fromfile_prefix_chars="@")
ap.add_argument("--epochs", type=int)
ap.add_argument("--batch", type=int)
ap.add_argument("--dim", type=int)
ap.add_argument("--start-lr", type=float)
ap.add_argument("--decay-steps", type=int)
ap.add_argument("--decay-rate", type=float)
args = ap.parse_args([f"@{folder / 'defaults.args'}"] + sys.argv[1:])  # expect: lr-too-low
print(args)

tf.keras.utils.set_random_seed(99)
rnd = np.random.RandomState(99)
VOCAB, LEN = 400, 20
GOOD = np.arange(20, 80)
BAD = np.arange(80, 140)


def write_review(positive):
    words = rnd.randint(140, VOCAB, size=LEN)
    n = rnd.randint(3, 7)
    spots = rnd.choice(LEN, n, replace=False)
    words[spots] = rnd.choice(GOOD if positive else BAD, n)
    if rnd.rand() < 0.4:
        words[rnd.randint(LEN)] = rnd.choice(BAD if positive else GOOD)
    words[rnd.randint(12, LEN + 1):] = 0
    return words


labels = rnd.randint(0, 2, size=3000)
texts = np.stack([write_review(l) for l in labels])
xtr, ytr, xva, yva = texts[:2400], labels[:2400], texts[2400:], labels[2400:]

model = models.Sequential([
    layers.Input((LEN,), dtype="int32"),
    layers.Embedding(VOCAB, args.dim, mask_zero=True),
    layers.GlobalAveragePooling1D(),
    layers.Dense(16, activation="relu"),
    layers.Dense(1, activation="sigmoid"),
])
sched = optimizers.schedules.ExponentialDecay(args.start_lr, args.decay_steps, args.decay_rate)  # expect-or: lr-too-low
model.compile(optimizer=optimizers.Adam(sched), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(xtr, ytr, epochs=args.epochs, batch_size=args.batch,
          validation_data=(xva, yva), verbose=2)
p = model.predict(xva, verbose=0).ravel()
print("val accuracy", np.mean((p > 0.5) == yva), "mean p", p.mean(), "std p", p.std())
