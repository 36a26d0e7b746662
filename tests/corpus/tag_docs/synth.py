"""Synthetic corpus: each abstract carries any number of the tags (also none)."""
import numpy as np


def make_corpus(n, vocab=500, n_tags=8, length=60, seed=0):
    rng = np.random.default_rng(seed)
    background = rng.dirichlet(np.full(vocab, 0.4))
    tag_words = rng.dirichlet(np.full(vocab, 0.03), size=n_tags)
    prior = np.linspace(0.12, 0.4, n_tags)
    tags = (rng.random((n, n_tags)) < prior).astype("float32")
    docs = np.empty((n, length), dtype="int32")
    for i in range(n):
        k = tags[i].sum()
        p = background if k == 0 else (1 - 0.09 * k) * background + 0.09 * tags[i] @ tag_words
        docs[i] = rng.choice(vocab, length, p=p / p.sum())
    return docs, tags
