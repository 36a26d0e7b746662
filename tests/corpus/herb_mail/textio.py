"""Reading and encoding of customer mails."""
import json

import numpy as np

PAD, OOV = 0, 1
MAXLEN = 20


def read_mails(path):
    texts, topics = [], []
    with open(path, encoding="utf8") as fh:
        for line in fh:
            record = json.loads(line)
            texts.append(record["text"].lower().split())
            topics.append(record["topic"])
    return texts, topics


def encode(tokens, table):
    ids = [table.get(tok, OOV) for tok in tokens][:MAXLEN]
    return ids + [PAD] * (MAXLEN - len(ids))


def encode_all(texts, table):
    return np.array([encode(t, table) for t in texts], dtype="int32")
