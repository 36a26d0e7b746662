"""Find the one bright parcel on a noisy conveyor picture: (cx, cy, w, h), all in 0..1."""
import argparse

import keras
import numpy as np
from keras import layers, ops

ap = argparse.ArgumentParser()
ap.add_argument("--n", type=int, default=1500)
ap.add_argument("--epochs", type=int, default=14)
ap.add_argument("--seed", type=int, default=0)
cfg = ap.parse_args()
keras.utils.set_random_seed(cfg.seed)


def scene(n, side=24, seed=0):
    r = np.random.default_rng(seed)
    pics = r.normal(0.2, 0.08, (n, side, side, 1))
    boxes = np.zeros((n, 4))
    for k in range(n):
        w, h = r.integers(5, 13, 2)
        x, y = r.integers(0, side - w + 1), r.integers(0, side - h + 1)
        pics[k, y:y + h, x:x + w] += r.uniform(0.4, 0.7)
        boxes[k] = (x + w / 2, y + h / 2, w, h)
    return pics.astype("float32"), (boxes / side).astype("float32")


def corners(b):
    return (b[..., 0] - b[..., 2] / 2, b[..., 1] - b[..., 3] / 2,
            b[..., 0] + b[..., 2] / 2, b[..., 1] + b[..., 3] / 2)


def iou(a, b):
    ax0, ay0, ax1, ay1 = corners(a)
    bx0, by0, bx1, by1 = corners(b)
    w = ops.maximum(ops.minimum(ax1, bx1) - ops.maximum(ax0, bx0), 0.0)
    h = ops.maximum(ops.minimum(ay1, by1) - ops.maximum(ay0, by0), 0.0)
    inter = w * h
    union = a[..., 2] * a[..., 3] + b[..., 2] * b[..., 3] - inter
    return inter / (union + 1e-7)


def box_loss(true, pred):
    l1 = ops.mean(ops.abs(true - pred), axis=-1)
    return 1.0 - iou(true, pred) + 2.0 * l1


class MeanIoU(keras.metrics.Metric):
    def __init__(self, name="iou"):
        super().__init__(name=name)
        self.s = self.add_weight(name="s", initializer="zeros")
        self.n = self.add_weight(name="n", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        v = iou(ops.cast(y_true, "float32"), y_pred)
        self.s.assign_add(ops.sum(v))
        self.n.assign_add(ops.cast(ops.size(v), "float32"))

    def result(self):
        return self.s / (self.n + 1e-7)

    def reset_state(self):
        self.s.assign(0.0)
        self.n.assign(0.0)


imgs, boxes = scene(cfg.n, seed=1)
t_imgs, t_boxes = scene(300, seed=2)

finder = keras.Sequential([
    layers.Input((24, 24, 1)),
    layers.Conv2D(12, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(24, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(64, activation="relu"),
    layers.Dense(4, activation="sigmoid", name="box"),
])
finder.compile(keras.optimizers.Adam(2e-3), loss=box_loss, metrics=[MeanIoU()])
finder.fit(imgs, boxes, batch_size=32, epochs=cfg.epochs, validation_data=(t_imgs, t_boxes), verbose=2)

p = finder.predict(t_imgs, verbose=0)
v = np.asarray(iou(t_boxes, p))
print("test IoU mean %.3f   share above 0.5: %.3f" % (v.mean(), (v > 0.5).mean()))
print("mean error in pixels:", np.round(np.abs(p - t_boxes).mean(0) * 24, 2))
