"""Four kinds of noisy waves, saved kind after kind."""
import numpy as np

LENGTH = 20
KINDS = ("sine", "square", "saw", "chirp")


def wave(kind, t, phase):
    if kind == "sine":
        return np.sin(2 * np.pi * (2 * t + phase))
    if kind == "square":
        return np.sign(np.sin(2 * np.pi * (2 * t + phase)))
    if kind == "saw":
        return 2 * ((2 * t + phase) % 1.0) - 1
    return np.sin(2 * np.pi * (1 + 4 * t) * t + 2 * np.pi * phase)


def load(part):
    each, seed = (400, 1) if part == "train" else (100, 2)
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 1, LENGTH)
    x, y = [], []
    for label, kind in enumerate(KINDS):
        for _ in range(each):
            x.append(wave(kind, t, 0.25 * rng.random()) + 0.15 * rng.standard_normal(LENGTH))
            y.append(label)
    return np.array(x, "float32")[..., None], np.array(y, "int32")
