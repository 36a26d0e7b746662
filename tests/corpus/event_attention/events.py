"""Synthetic click sessions: did the visitor buy?"""
import math

import keras
import numpy as np

N_EVENTS, LENGTH = 24, 16


def sessions(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(6, N_EVENTS, (n, LENGTH))
    y = np.zeros(n, "float32")
    for k in range(n):
        channel = 1 + rng.integers(2)        # 1 newsletter, 2 search
        offer = 3 + rng.integers(2)          # 3 voucher, 4 free shipping
        i, j = rng.choice(LENGTH, 2, replace=False)
        x[k, i], x[k, j] = channel, offer
        y[k] = (channel == 1) == (offer == 3)
    return x.astype("int32"), y[:, None]


class SessionFeed(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, seed, **kw):
        super().__init__(**kw)
        self.x, self.y, self.batch_size = x, y, batch_size
        self.rng = np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, i):
        idx = self.order[i * self.batch_size:(i + 1) * self.batch_size]
        return self.x[idx], self.y[idx]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.x))
