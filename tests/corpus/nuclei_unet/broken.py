#!/usr/bin/env python3
# Nuclei segmentation, miniature version of the full-resolution experiment (32 px crops, 3-level U-Net).
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers as L

SIZE = 32
N_TRAIN, N_VAL = 640, 160
BATCH = 32
EPOCHS = 9
SEED = 1234


def draw_crop(rng):
    """One crop: 1-3 elliptical nuclei on an uneven background, plus debris which is not a nucleus."""
    yy, xx = np.mgrid[0:SIZE, 0:SIZE].astype("float32")
    mask = np.zeros((SIZE, SIZE), bool)
    for _ in range(rng.integers(1, 4)):
        cy, cx = rng.uniform(5, SIZE - 5, 2)
        a, b = rng.uniform(3.0, 6.0, 2)
        t = rng.uniform(0, np.pi)
        u = (xx - cx) * np.cos(t) + (yy - cy) * np.sin(t)
        v = -(xx - cx) * np.sin(t) + (yy - cy) * np.cos(t)
        mask |= (u / a) ** 2 + (v / b) ** 2 <= 1
    img = 0.25 + 0.1 * (xx / SIZE) * rng.uniform(-1, 1) + rng.uniform(0.3, 0.5) * mask
    for _ in range(rng.integers(0, 5)):
        y, x = rng.integers(1, SIZE - 1, 2)
        img[y - 1:y + 1, x - 1:x + 1] += 0.4
    img += rng.normal(0, 0.06, img.shape)
    return np.clip(img, 0, 1).astype("float32")[..., None], mask.astype("float32")[..., None]


def make_set(n, seed):
    rng = np.random.default_rng(seed)
    pairs = [draw_crop(rng) for _ in range(n)]
    return np.stack([p[0] for p in pairs]), np.stack([p[1] for p in pairs])


# ---------------------------------------------------------------- augmentation
def augment(image, mask, seed):
    """Flips, then brightness and contrast jitter on the image. `seed` is a (2,) tensor."""
    s = tf.random.split(seed, num=4)
    image = tf.image.stateless_random_flip_left_right(image, s[0])
    image = tf.image.stateless_random_flip_up_down(image, s[1])
    mask = tf.image.stateless_random_flip_left_right(mask, s[2])  # expect: label-mismatch
    mask = tf.image.stateless_random_flip_up_down(mask, s[3])  # expect-or: label-mismatch
    image = tf.image.stateless_random_brightness(image, 0.05, s[2])
    image = tf.image.stateless_random_contrast(image, 0.9, 1.1, s[3])
    return tf.clip_by_value(image, 0.0, 1.0), mask


def train_pipeline(x, y):
    counter = tf.data.Dataset.random(seed=SEED, rerandomize_each_iteration=True).batch(2)
    ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=SEED)
    ds = tf.data.Dataset.zip((ds, counter))
    ds = ds.map(lambda xy, s: augment(xy[0], xy[1], tf.cast(s, tf.int32)), num_parallel_calls=2)
    return ds.batch(BATCH).prefetch(2)


# ---------------------------------------------------------------- network
def conv_block(x, filters, name):
    for i in (1, 2):
        x = L.Conv2D(filters, 3, padding="same", use_bias=False, name=f"{name}_conv{i}")(x)
        x = L.BatchNormalization(momentum=0.9, name=f"{name}_bn{i}")(x)
        x = L.ReLU(name=f"{name}_relu{i}")(x)
    return x


def unet(width=8):
    inp = L.Input((SIZE, SIZE, 1))
    d1 = conv_block(inp, width, "down1")
    d2 = conv_block(L.MaxPool2D()(d1), 2 * width, "down2")
    mid = conv_block(L.MaxPool2D()(d2), 4 * width, "mid")
    u2 = L.Conv2DTranspose(2 * width, 2, strides=2, name="up2")(mid)
    u2 = conv_block(L.Concatenate()([u2, d2]), 2 * width, "dec2")
    u1 = L.Conv2DTranspose(width, 2, strides=2, name="up1")(u2)
    u1 = conv_block(L.Concatenate()([u1, d1]), width, "dec1")
    logits = L.Conv2D(1, 1, name="logits")(u1)
    return keras.Model(inp, logits, name="unet32")


# ---------------------------------------------------------------- loss, metric
class BceDice(keras.losses.Loss):
    def __init__(self, dice_weight=0.5, smooth=1.0, name="bce_dice"):
        super().__init__(name=name)
        self.w, self.smooth = dice_weight, smooth

    def call(self, y_true, y_pred):
        bce = tf.nn.sigmoid_cross_entropy_with_logits(labels=y_true, logits=y_pred)
        bce = tf.reduce_mean(bce, axis=[1, 2, 3])
        p = tf.sigmoid(y_pred)
        inter = tf.reduce_sum(y_true * p, axis=[1, 2, 3])
        total = tf.reduce_sum(y_true + p, axis=[1, 2, 3])
        dice = 1.0 - (2.0 * inter + self.smooth) / (total + self.smooth)
        return (1 - self.w) * bce + self.w * dice


def build_and_compile(steps):
    model = unet()
    lr = keras.optimizers.schedules.CosineDecay(1e-4, decay_steps=steps, alpha=0.02, warmup_target=6e-3, warmup_steps=20)
    model.compile(
        optimizer=keras.optimizers.Adam(lr),
        loss=BceDice(),
        metrics=[keras.metrics.BinaryIoU(target_class_ids=[1], threshold=0.0, name="iou")],
    )
    return model


def main():
    keras.utils.set_random_seed(SEED)
    x_train, y_train = make_set(N_TRAIN, 1)
    x_val, y_val = make_set(N_VAL, 2)
    print(f"train {x_train.shape}, foreground {y_train.mean():.3f}; val {x_val.shape}, foreground {y_val.mean():.3f}")

    steps = EPOCHS * (N_TRAIN // BATCH)
    model = build_and_compile(steps)
    val_ds = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(80)
    hist = model.fit(train_pipeline(x_train, y_train), validation_data=val_ds, epochs=EPOCHS, verbose=0)
    for e, (l, i, vl, vi) in enumerate(zip(*(hist.history[k] for k in ("loss", "iou", "val_loss", "val_iou")))):
        print(f"{e + 1:2d}  loss {l:.3f}  iou {i:.3f}  val_loss {vl:.3f}  val_iou {vi:.3f}")

    prob = tf.sigmoid(model.predict(x_val, batch_size=80, verbose=0)).numpy()
    counts_true = y_val.sum(axis=(1, 2, 3))
    counts_pred = (prob > 0.5).sum(axis=(1, 2, 3))
    print("mean nuclear area, true %.1f px, predicted %.1f px" % (counts_true.mean(), counts_pred.mean()))
    print("final val IoU %.3f" % hist.history["val_iou"][-1])


if __name__ == "__main__":
    main()
