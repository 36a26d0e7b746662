"""Keypoint heatmaps (stride 4) for small crosses in cluttered 32x32 images."""
import functools
import math

import keras
import numpy as np
from keras import layers

PI = 0.01
PRIOR = keras.initializers.Constant(-math.log((1 - PI) / PI))


def render(n, seed):
    rng = np.random.default_rng(seed)
    img = rng.normal(0.2, 0.08, (n, 32, 32, 1))
    heat = np.zeros((n, 8, 8, 1))
    for k in range(n):
        for _ in range(3):  # clutter
            r, c = rng.integers(0, 28, 2)
            img[k, r:r + 4, c:c + 4] += 0.4
        for _ in range(rng.integers(2, 6)):
            r, c = rng.integers(2, 30, 2)
            img[k, r - 2:r + 3, c] = 1.0
            img[k, r, c - 2:c + 3] = 1.0
            heat[k, r // 4, c // 4] = 1.0
    return np.clip(img, 0, 1).astype("float32"), heat.astype("float32")


# RetinaNet style prior so that the head does not drown in easy negatives
conv = functools.partial(
    layers.Conv2D, padding="same", kernel_initializer="he_normal")


def heatmap_net():
    image = keras.Input((32, 32, 1))
    x = conv(16, 3, activation="relu")(image)
    x = conv(24, 3, strides=2, activation="relu")(x)
    x = conv(32, 3, strides=2, activation="relu")(x)
    x = conv(32, 3, activation="relu")(x)
    heat = layers.Conv2D(1, 1, activation="sigmoid", bias_initializer=PRIOR, name="heat")(x)
    return keras.Model(image, heat)


def f1(truth, prob, thr=0.5):
    hit = prob > thr
    tp = np.sum(hit & (truth > 0.5))
    return 2 * tp / max(1, hit.sum() + (truth > 0.5).sum())


keras.utils.set_random_seed(6)
x_train, h_train = render(1200, seed=0)
x_val, h_val = render(300, seed=1)
model = heatmap_net()
model.compile(keras.optimizers.Adam(2e-3), loss="binary_crossentropy")
for epoch in range(1, 9):
    loss = model.fit(x_train, h_train, batch_size=32, verbose=0).history["loss"][0]
    print(f"epoch {epoch}: loss {loss:.4f}  val F1 {f1(h_val, model.predict(x_val, verbose=0)):.3f}")
