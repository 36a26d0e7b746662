"""Matching loss on soft masks: 1 - intersection over union."""
import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(44)
rng = np.random.default_rng(44)


def make(n, size=12):
    x = np.zeros((n, size, size, 1), "float32")
    m = np.zeros((n, size, size, 1), "float32")
    for i in range(n):
        if rng.random() < 0.9:
            r, c = rng.integers(1, size - 5, 2)
            m[i, r : r + 4, c : c + 4] = 1.0
        x[i] = m[i]
    x += (0.3 * rng.normal(size=x.shape) * (x > 0)).astype("float32")
    return x, m


def iou_loss(y_true, y_pred):
    inter = tf.reduce_sum(y_true * y_pred, axis=[1, 2, 3])
    union = tf.reduce_sum(y_true + y_pred, axis=[1, 2, 3]) - inter
    return 1.0 - inter / union  # expect: loss-numerics


x, masks = make(800)
net = keras.Sequential([
    keras.Input(x.shape[1:]),
    keras.layers.Conv2D(8, 3, padding="same", activation="relu"),
    keras.layers.Conv2D(8, 3, padding="same", activation="relu"),
    keras.layers.Conv2D(1, 1),
    keras.layers.ReLU(max_value=1.0),
])
net.compile(optimizer=keras.optimizers.Adam(1e-3), loss=iou_loss)
net.fit(x[:640], masks[:640], epochs=15, batch_size=16, verbose=2)
p = np.clip(net.predict(x[640:], verbose=0), 0, 1) > 0.5
t = masks[640:] > 0.5
print("pixel IoU", (p & t).sum() / (p | t).sum())
