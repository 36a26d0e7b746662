"""Segment bright lesions in synthetic 32x32 phantom scans."""
from pathlib import Path

import numpy as np
import tensorflow as tf

from unet import load_stem, unet

SIZE = 32
folder = Path(__file__).parent


def phantom(rng):
    yy, xx = np.mgrid[:SIZE, :SIZE]
    scan = 0.25 + 0.1 * np.sin(xx / rng.uniform(4, 9)) * np.cos(yy / rng.uniform(4, 9))
    mask = np.zeros((SIZE, SIZE), bool)
    for _ in range(rng.integers(1, 4)):
        cx, cy = rng.uniform(5, SIZE - 5, 2)
        rx, ry = rng.uniform(3, 7, 2)
        mask |= ((xx - cx) / rx) ** 2 + ((yy - cy) / ry) ** 2 < 1
    scan = scan + 0.35 * mask + rng.normal(0, 0.12, scan.shape)
    return scan, mask


def cohort(n, seed):
    rng = np.random.default_rng(seed)
    scans, masks = zip(*(phantom(rng) for _ in range(n)))
    return (np.stack(scans)[..., None].astype("float32"),
            np.stack(masks)[..., None].astype("float32"))


def dice(y_true, y_pred):
    hard = tf.cast(y_pred > 0.5, tf.float32)
    both = tf.reduce_sum(y_true * hard)
    return (2.0 * both + 1.0) / (tf.reduce_sum(y_true) + tf.reduce_sum(hard) + 1.0)


def main():
    tf.keras.utils.set_random_seed(17)
    scans, masks = cohort(240, seed=0)
    scans_val, masks_val = cohort(80, seed=1)
    print("lesion share of the pixels: %.3f" % masks.mean())

    net = unet(SIZE)
    load_stem(net, folder / "stem.npz")  # expect-or: dead-relu
    net.compile(optimizer=tf.keras.optimizers.Adam(3e-3), loss="binary_crossentropy", metrics=[dice])
    net.fit(scans, masks, batch_size=16, epochs=7,
            validation_data=(scans_val, masks_val), verbose=2)

    prob = net.predict(scans_val, verbose=0)
    hard = prob > 0.5
    inter = np.logical_and(hard, masks_val > 0).sum()
    union = np.logical_or(hard, masks_val > 0).sum()
    print("IoU on the held-out cohort: %.3f" % (inter / max(union, 1)))
    print("probability range: %.3f .. %.3f" % (prob.min(), prob.max()))


if __name__ == "__main__":
    main()
