import csv

import numpy as np
import tensorflow as tf

BLANK = 10
PAD = -1


def load_strips(path):
    a = np.load(path)["strips"].astype(np.float32) / 8.0      # (N, 8, W)
    return np.transpose(a, (0, 2, 1))                         # columns become time steps


def load_readings(path, longest=4):
    with open(path, newline="") as fh:
        texts = [row["reading"] for row in csv.DictReader(fh, delimiter="\t")]
    codes = np.full((len(texts), longest), PAD, np.int32)
    for i, s in enumerate(texts):
        codes[i, :len(s)] = [int(c) for c in s]
    return codes


def greedy(logits):
    """Best path: collapse repeats, drop blanks."""
    out = []
    for path in tf.argmax(logits, -1).numpy():
        keep = [int(c) for k, c in enumerate(path) if c != BLANK and (k == 0 or c != path[k - 1])]
        out.append(keep)
    return out


def edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        prev, row[0] = row[0], i
        for j, cb in enumerate(b, 1):
            prev, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, prev + (ca != cb))
    return row[-1]
