import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Conv2D, Input, MaxPooling2D, UpSampling2D, concatenate
from tensorflow.keras.models import Model

tf.keras.utils.set_random_seed(4)
SIZE = 32


def phantom(n, seed):
    """Speckled 8-bit scans with one bright lesion each, and black/white mask pictures, as exported."""
    rng = np.random.default_rng(seed)
    yy, xx = np.mgrid[0:SIZE, 0:SIZE]
    scans = np.zeros((n, SIZE, SIZE, 1), "uint8")
    masks = np.zeros((n, SIZE, SIZE, 1), "uint8")
    for k in range(n):
        cy, cx = rng.integers(6, SIZE - 6, size=2)
        r = rng.uniform(3.0, 5.5)
        m = ((yy - cy) ** 2 + (xx - cx) ** 2) <= r * r
        tissue = 0.45 + 0.10 * np.sin(xx / rng.uniform(4, 9) + rng.uniform(0, 6)) \
            + 0.10 * np.cos(yy / rng.uniform(4, 9) + rng.uniform(0, 6))
        img = tissue + 0.07 * rng.standard_normal((SIZE, SIZE)) + 0.45 * m
        scans[k, ..., 0] = np.clip(img * 200, 0, 255)
        masks[k, ..., 0] = 255 * m
    return scans, masks


def dice_coef(y_true, y_pred, smooth=1.0):
    y_true_f = tf.reshape(y_true, [-1])
    y_pred_f = tf.reshape(y_pred, [-1])
    intersection = tf.reduce_sum(y_true_f * y_pred_f)
    return (2.0 * intersection + smooth) / (tf.reduce_sum(y_true_f) + tf.reduce_sum(y_pred_f) + smooth)


def unet(base=6):
    inp = Input((SIZE, SIZE, 1))
    c1 = Conv2D(base, 3, activation="relu", padding="same")(inp)
    c1 = Conv2D(base, 3, activation="relu", padding="same")(c1)
    p1 = MaxPooling2D()(c1)
    c2 = Conv2D(2 * base, 3, activation="relu", padding="same")(p1)
    c2 = Conv2D(2 * base, 3, activation="relu", padding="same")(c2)
    u1 = UpSampling2D()(c2)
    m1 = concatenate([c1, u1])
    c3 = Conv2D(base, 3, activation="relu", padding="same")(m1)
    out = Conv2D(1, 1, activation="sigmoid")(c3)
    return Model(inp, out)


def prepare(scans, masks):
    x = scans.astype("float32") / 255.0
    y = masks.astype("float32")  # expect: label-mismatch
    return x, y


scans, masks = phantom(240, 10)
x_train, y_train = prepare(scans, masks)
val_scans, val_masks = phantom(60, 11)
x_val, y_val = prepare(val_scans, val_masks)
print("lesion pixels: %.2f %%" % (100 * (masks > 127).mean()))

model = unet()
model.compile(optimizer=tf.keras.optimizers.Adam(4e-3), loss="binary_crossentropy", metrics=["accuracy", dice_coef])
model.fit(x_train, y_train, batch_size=16, epochs=12, validation_data=(x_val, y_val), verbose=2)

pred = model.predict(x_val, verbose=0) > 0.5
truth = val_masks > 127
inter = np.logical_and(pred, truth).sum()
print("pixels marked as lesion: %d (true: %d)" % (pred.sum(), truth.sum()))
print("IoU : %.3f" % (inter / np.logical_or(pred, truth).sum()))
print("hard dice: %.3f" % (2 * inter / (pred.sum() + truth.sum())))
