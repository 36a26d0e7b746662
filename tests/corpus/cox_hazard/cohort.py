"""Simulated follow-up study: covariates, follow-up time, event indicator."""
import numpy as np

COVARIATES = ["age", "stage", "marker_a", "marker_b", "bmi", "smoker"]


def draw(n, seed):
    g = np.random.default_rng(seed)
    z = g.normal(size=(n, len(COVARIATES))).astype("float32")
    z[:, 5] = (z[:, 5] > 0.4) - 0.35
    risk = 0.8 * z[:, 0] + 0.7 * np.maximum(z[:, 1], 0) - 0.9 * np.tanh(z[:, 2]) + 0.5 * z[:, 5]
    onset = g.exponential(np.exp(-risk)) * 24.0
    leave = g.uniform(6.0, 60.0, n)
    time = np.minimum(onset, leave).astype("float32")
    event = (onset <= leave).astype("float32")
    return z, time, event


def by_descending_time(z, time, event):
    order = np.argsort(-time)
    return z[order], time[order], event[order]


def minibatches(z, time, event, size, rng):
    order = rng.permutation(len(z))
    for i in range(0, len(order) - size + 1, size):
        j = order[i:i + size]
        yield by_descending_time(z[j], time[j], event[j])
