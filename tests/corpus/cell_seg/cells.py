"""Procedural microscopy: bright blobs (cells) and thin scratches (class 2)."""
import numpy as np


def render(n, size=24, seed=0):
    rng = np.random.default_rng(seed)
    yy, xx = np.mgrid[:size, :size]
    images = rng.normal(0.2, 0.08, (n, size, size))
    masks = np.zeros((n, size, size), "int32")
    for i in range(n):
        for _ in range(rng.integers(1, 4)):
            cy, cx, r = rng.uniform(3, size - 3), rng.uniform(3, size - 3), rng.uniform(2.2, 4.5)
            inside = (yy - cy) ** 2 + (xx - cx) ** 2 < r * r
            images[i] += rng.uniform(0.25, 0.5) * inside
            masks[i][inside] = 1
        row = rng.integers(0, size)
        images[i, row] += 0.4
        masks[i, row] = 2
    return images[..., None].astype("float32") * 2 - 1, masks
