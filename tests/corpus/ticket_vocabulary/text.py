import json
import re

import numpy as np

TOKEN = re.compile(r"[a-z0-9']+")
PAD, UNK = 0, 1


def tokenize(text):
    return TOKEN.findall(text.lower())


def read_vocab(path):
    with open(path, encoding="utf-8") as fh:
        return json.load(fh)


def encode(texts, vocab, max_len):
    """Integer matrix (n, max_len), padded on the right."""
    out = np.full((len(texts), max_len), PAD, dtype="int32")
    for i, text in enumerate(texts):
        ids = [int(vocab.get(tok, UNK)) for tok in tokenize(text)][:max_len]
        out[i, : len(ids)] = ids
    return out
