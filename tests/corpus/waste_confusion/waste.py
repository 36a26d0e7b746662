"""Small picture set: five kinds of waste, 32x32 RGB, drawn with numpy."""
import numpy as np
import tensorflow as tf

CLASS_NAMES = ["cardboard", "glass", "metal", "paper", "plastic"]
TINT = np.array([[0.60, 0.45, 0.30], [0.35, 0.60, 0.45], [0.55, 0.55, 0.58],
                 [0.80, 0.80, 0.76], [0.50, 0.50, 0.75]])


def _draw(kind, rng):
    yy, xx = np.mgrid[0:32, 0:32] / 32.0
    a = rng.uniform(0, np.pi)
    freq = [5, 2, 9, 1, 3][kind] * rng.uniform(0.8, 1.2)
    wave = np.sin(2 * np.pi * freq * (xx * np.cos(a) + yy * np.sin(a)))
    cx, cy, r = rng.uniform(0.35, 0.65), rng.uniform(0.35, 0.65), rng.uniform(0.25, 0.4)
    blob = ((xx - cx) ** 2 + (yy - cy) ** 2 < r * r).astype(float)
    img = TINT[kind] + 0.10 * wave[..., None] * blob[..., None]
    img = img * (0.55 + 0.45 * blob[..., None]) + 0.10 * rng.standard_normal((32, 32, 3))
    img += rng.uniform(-0.06, 0.06, size=(1, 1, 3))
    return np.clip(img, 0, 1)


def load_split(subset, batch_size=32, shuffle=True):  # expect-or: metric-wrong
    rng = np.random.default_rng({"train": 1, "val": 2}[subset])
    n = {"train": 140, "val": 40}[subset]
    images, labels = [], []
    for kind in range(len(CLASS_NAMES)):
        for _ in range(n):
            images.append(_draw(kind, rng))
            labels.append(kind)
    images = np.asarray(images, dtype="float32") * 255.0
    labels = np.asarray(labels, dtype="int32")
    ds = tf.data.Dataset.from_tensor_slices((images, labels))
    if shuffle:
        ds = ds.shuffle(len(labels), seed=3)  # expect-or: metric-wrong
    return ds.batch(batch_size).prefetch(1)
