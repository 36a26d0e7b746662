"""Synthetic catalogue and ratings for offline experiments (no licence trouble, same shape as production)."""
from typing import NamedTuple

import numpy as np
import tensorflow as tf


class Ratings(NamedTuple):
    user: np.ndarray
    item: np.ndarray
    genre: np.ndarray      # multi-hot per rating, looked up from the item
    stars: np.ndarray

    def pick(self, idx):
        return Ratings(*(col[idx] for col in self))


def make_ratings(n_users=320, n_items=240, n_genres=9, n_ratings=26_000, seed=0):
    rng = np.random.default_rng(seed)
    rank = 4
    taste = rng.normal(size=(n_users, rank))
    traits = rng.normal(size=(n_items, rank))
    genre = (rng.random((n_items, n_genres)) < 0.2).astype("float32")
    user_bias = rng.normal(0, 0.35, n_users)
    item_bias = rng.normal(0, 0.45, n_items)

    flat = rng.choice(n_users * n_items, size=n_ratings, replace=False)
    u, i = np.divmod(flat, n_items)
    affinity = (taste[u] * traits[i]).sum(1) / np.sqrt(rank)
    stars = 3.4 + user_bias[u] + item_bias[i] + 0.85 * affinity + rng.normal(0, 0.3, n_ratings)
    return Ratings(u.astype("int32"), i.astype("int32"), genre[i], stars.astype("float32"))


def split(r: Ratings, seed=0, fractions=(0.8, 0.1)):
    idx = np.random.default_rng(seed).permutation(len(r.stars))
    a = int(fractions[0] * len(idx))
    b = a + int(fractions[1] * len(idx))
    return r.pick(idx[:a]), r.pick(idx[a:b]), r.pick(idx[b:])


def as_dataset(r: Ratings, batch, train=False, seed=0):
    ds = tf.data.Dataset.from_tensor_slices(
        ({"user": r.user, "item": r.item, "genre": r.genre}, r.stars)
    )
    if train:
        ds = ds.shuffle(len(r.stars), seed=seed)
    return ds.batch(batch).prefetch(2)
