"""Images for the hashing experiment."""
import numpy as np
from sklearn.datasets import load_digits


def images(seed=0, n_train=1400):
    data = load_digits()
    order = np.random.default_rng(seed).permutation(len(data.data))
    x = (data.data[order] / 16.0).astype("float32")
    y = data.target[order]
    return (x[:n_train], y[:n_train]), (x[n_train:], y[n_train:])


def minibatches(x, size, rng):
    idx = rng.permutation(len(x))
    for s in range(0, len(x) - size + 1, size):
        yield x[idx[s:s + size]]


def precision_at_1(codes_db, y_db, codes_q, y_q):
    ham = (codes_q[:, None, :] != codes_db[None, :, :]).sum(-1)
    return float((y_db[ham.argmin(1)] == y_q).mean())
