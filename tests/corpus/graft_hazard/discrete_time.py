"""Discrete-time survival: one hazard logit per interval."""
import keras
import numpy as np
from keras import ops


def encode_times(years, failed, edges):
    """Two blocks per subject: intervals survived, interval of failure."""
    n_bins = len(edges) - 1
    at = np.clip(np.searchsorted(edges, years, side="right") - 1, 0, n_bins - 1)
    survived = (np.arange(n_bins)[None] < at[:, None]).astype("float32")
    failure = np.zeros((len(years), n_bins), "float32")
    failure[np.arange(len(years)), at] = failed
    return np.concatenate([survived, failure], axis=1)


@keras.saving.register_keras_serializable("graft")
def hazard_nll(y, logits):
    n = logits.shape[-1]
    survived, failure = y[:, :n], y[:, n:]
    at_risk = survived + failure
    bce = ops.maximum(logits, 0.0) - logits * failure + ops.log1p(ops.exp(-ops.abs(logits)))
    return ops.sum(at_risk * bce, axis=-1)


def expected_bins(logits):
    """Restricted mean survival, in intervals."""
    return np.cumprod(1.0 / (1.0 + np.exp(logits)), axis=1).sum(axis=1)


def concordance(years, failed, score):
    usable = (years[:, None] < years[None]) & (failed[:, None] == 1)
    right = (score[:, None] < score[None]) + 0.5 * (score[:, None] == score[None])
    return float((usable * right).sum() / usable.sum())
