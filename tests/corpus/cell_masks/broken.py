"""U-Net (tiny) for cell masks, with a Tversky loss because the cells are small."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import Model, layers, metrics, optimizers

SIZE = 32
tf.keras.utils.set_random_seed(8)


def draw_cells(n, seed):
    rng = np.random.default_rng(seed)
    yy, xx = np.mgrid[:SIZE, :SIZE]
    imgs = np.empty((n, SIZE, SIZE, 1), "float32")
    masks = np.zeros((n, SIZE, SIZE, 1), "float32")
    for k in range(n):
        shade = rng.uniform(0.1, 0.3) + 0.15 * (xx / SIZE) * rng.uniform(-1, 1)
        for _ in range(rng.integers(2, 5)):
            cx, cy = rng.uniform(4, SIZE - 4, 2)
            a, b = rng.uniform(2.5, 5.0, 2)
            inside = ((xx - cx) / a) ** 2 + ((yy - cy) / b) ** 2 < 1
            shade = np.where(inside, shade + rng.uniform(0.2, 0.45), shade)
            masks[k, inside, 0] = 1.0
        imgs[k, ..., 0] = np.clip(shade + rng.normal(0, 0.07, shade.shape), 0, 1)
    return imgs, masks


def tversky_loss(y_true, y_pred, alpha=0.7, smooth=1.0):
    t = tf.reshape(y_true, [tf.shape(y_true)[0], -1])
    p = tf.reshape(y_pred, [tf.shape(y_pred)[0], -1])
    tp = tf.reduce_sum(t * p, axis=1)
    fn = tf.reduce_sum(t * (1.0 - p), axis=1)
    fp = tf.reduce_sum((1.0 - t) * p, axis=1)
    index = (tp + smooth) / (tp + alpha * fn + (1.0 - alpha) * fp + smooth)  # expect-or: loss-sign
    return tf.reduce_mean(index)  # expect: loss-sign


class ConvBlock(layers.Layer):
    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.c1 = layers.Conv2D(width, 3, padding="same", activation="relu")
        self.c2 = layers.Conv2D(width, 3, padding="same", activation="relu")

    def call(self, x):
        return self.c2(self.c1(x))


class TinyUNet(Model):
    def __init__(self):
        super().__init__()
        self.enc = ConvBlock(12)
        self.pool = layers.MaxPooling2D()
        self.mid = ConvBlock(24)
        self.up = layers.UpSampling2D()
        self.cat = layers.Concatenate()
        self.dec = ConvBlock(12)
        self.head = layers.Conv2D(1, 1, activation="sigmoid")

    def call(self, x):
        e = self.enc(x)
        m = self.up(self.mid(self.pool(e)))
        return self.head(self.dec(self.cat([e, m])))


x_train, m_train = draw_cells(320, seed=1)
x_val, m_val = draw_cells(80, seed=2)
print("share of cell pixels:", m_train.mean())

unet = TinyUNet()
unet.compile(optimizer=optimizers.Adam(2e-3), loss=tversky_loss,  # expect-or: loss-sign
             metrics=[metrics.BinaryIoU(target_class_ids=[1], name="iou")])  # expect-or: loss-sign
unet.fit(x_train, m_train, epochs=10, batch_size=16, validation_data=(x_val, m_val), verbose=2)

pred = unet.predict(x_val, verbose=0) > 0.5
truth = m_val > 0.5
print("val IoU = %.3f" % ((pred & truth).sum() / max((pred | truth).sum(), 1)))
