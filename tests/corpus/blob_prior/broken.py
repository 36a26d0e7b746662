# Is there a bright spot (a plaque) in this 20x20 microscope tile?  Roughly one tile in five has one.
import math
from functools import partial

import keras
import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

keras.utils.set_random_seed(6)
rng = np.random.default_rng(6)


def tiles(n):
    yy, xx = np.mgrid[0:20, 0:20]
    img = rng.uniform(0.0, 0.45, (n, 20, 20))
    has = (rng.random(n) < 0.2).astype("float32")
    for i in range(n):
        # smears everywhere, spots only in the positive tiles
        c = rng.integers(0, 20)
        img[i, :, c] += 0.25
        if has[i]:
            cy, cx = rng.uniform(4, 16, 2)
            img[i] += 0.5 * np.exp(-((yy - cy) ** 2 + (xx - cx) ** 2) / 5.0)
    return np.clip(img, 0, 1).astype("float32")[..., None], has[:, None]


x_fit, y_fit = tiles(1200)
x_chk, y_chk = tiles(500)

# RetinaNet, section 4.1: start the classifier at the prior pi so that the easy negatives
# do not swamp the first steps
pi = 0.01
prior_bias = keras.initializers.Constant(-math.log((1 - pi) / pi))
hidden_bias = prior_bias  # expect: dead-relu

Conv = partial(
    keras.layers.Conv2D,
    kernel_size=3,
    padding="same",
    activation="relu",
    kernel_initializer="he_normal",
    bias_initializer=hidden_bias,  # expect-or: dead-relu
)

tower = keras.Sequential(
    [
        keras.Input((20, 20, 1)),
        Conv(12),
        keras.layers.MaxPooling2D(),
        Conv(16),
        keras.layers.MaxPooling2D(),
        Conv(16),
        keras.layers.GlobalMaxPooling2D(),
        keras.layers.Dense(1, activation="sigmoid", bias_initializer=prior_bias),
    ]
)
tower.compile(optimizer=keras.optimizers.Adam(2e-3), loss="binary_crossentropy")

for round_ in range(5):
    h = tower.fit(x_fit, y_fit, batch_size=32, epochs=2, verbose=0)
    p = tower.predict(x_chk, verbose=0)
    print(
        "epochs %2d  loss %.4f  check: AUC %.3f  AP %.3f  (base rate %.3f)"
        % (2 * round_ + 2, h.history["loss"][-1], roc_auc_score(y_chk, p), average_precision_score(y_chk, p), y_chk.mean())
    )
