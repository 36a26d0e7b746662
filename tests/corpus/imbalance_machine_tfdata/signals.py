"""Vibration windows of a pump: 64 samples each; `1` marks a worn bearing."""
import numpy as np


def record(n, share, rng):
    worn = (rng.random(n) < share).astype("int32")
    t = np.arange(64) / 64.0
    hum = np.sin(2 * np.pi * (3 * t[None] + rng.random((n, 1))))
    rattle = np.sin(2 * np.pi * (14 * t[None] + rng.random((n, 1))))
    depth = rng.uniform(0.15, 0.75, size=(n, 1)) * worn[:, None] + rng.uniform(0.0, 0.4, size=(n, 1))
    x = hum + depth * rattle + 0.6 * rng.normal(size=(n, 64))
    return x[..., None].astype("float32"), worn
