import numpy as np


def make_scenes(n, size=24, seed=0):
    """One bright rectangle on clutter; the target is (cy, cx, h, w) in units of the image."""
    rng = np.random.default_rng(seed)
    img = rng.normal(0, 0.25, (n, size, size, 1)).astype("float32")
    h, w = rng.integers(4, 12, n), rng.integers(4, 12, n)
    y = (rng.random(n) * (size - h)).astype(int)
    x = (rng.random(n) * (size - w)).astype(int)
    for i in range(n):
        img[i, y[i]:y[i] + h[i], x[i]:x[i] + w[i]] += 1.0
    box = np.stack([y + h / 2, x + w / 2, h, w], 1) / size
    return img, box.astype("float32")


def box_iou(a, b):
    lo = np.maximum(a[:, :2] - a[:, 2:] / 2, b[:, :2] - b[:, 2:] / 2)
    hi = np.minimum(a[:, :2] + a[:, 2:] / 2, b[:, :2] + b[:, 2:] / 2)
    inter = np.clip(hi - lo, 0, None).prod(1)
    area = np.clip(a[:, 2:], 0, None).prod(1) + b[:, 2:].prod(1)
    return inter / np.maximum(area - inter, 1e-9)
