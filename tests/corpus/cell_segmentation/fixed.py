"""Segment bright nuclei in small microscope tiles and estimate the covered area."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

from blocks import conv_block, down, up

SIDE = 32
keras.utils.set_random_seed(8)


def draw_tile(rng):
    yy, xx = np.mgrid[0:SIDE, 0:SIDE]
    mask = np.zeros((SIDE, SIDE), bool)
    for _ in range(rng.integers(1, 4)):
        cy, cx = rng.uniform(4, SIDE - 4, 2)
        ry, rx = rng.uniform(2.0, 4.5, 2)
        mask |= ((yy - cy) / ry) ** 2 + ((xx - cx) / rx) ** 2 < 1.0
    shade = rng.uniform(0.1, 0.3) * (xx / SIDE)
    tile = 0.2 + shade + 0.35 * mask + rng.normal(0, 0.12, mask.shape)
    return tile.astype("float32")[..., None], mask.astype("float32")[..., None]


def make_set(count, seed):
    rng = np.random.default_rng(seed)
    tiles, masks = zip(*(draw_tile(rng) for _ in range(count)))
    return np.stack(tiles), np.stack(masks)


def random_flip(tile, mask):
    both = tf.concat([tile, mask], axis=-1)
    both = tf.image.random_flip_left_right(both)
    both = tf.image.random_flip_up_down(both)
    return both[..., :1], both[..., 1:]


def dataset(tiles, masks, training):
    ds = tf.data.Dataset.from_tensor_slices((tiles, masks))
    if training:
        ds = ds.shuffle(len(tiles)).map(random_flip)
    return ds.batch(16).prefetch(2)


def unet(base=6):
    inp = keras.Input((SIDE, SIDE, 1))
    s1, x = down(inp, base)
    s2, x = down(x, base * 2)
    x = conv_block(base * 4)(x)
    x = up(x, s2, base * 2)
    x = up(x, s1, base)
    logits = conv_block(1, size=1, activation=None, name="mask_logits")(x)
    return keras.Model(inp, logits)


class LogitIoU(keras.metrics.Metric):
    """IoU of the foreground at a probability of 0.5."""

    def __init__(self, name="iou", **kwargs):
        super().__init__(name=name, **kwargs)
        self.inter = self.add_weight(name="inter", initializer="zeros")
        self.union = self.add_weight(name="union", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        t = tf.cast(y_true > 0.5, tf.float32)
        p = tf.cast(tf.sigmoid(y_pred) >= 0.5, tf.float32)
        self.inter.assign_add(tf.reduce_sum(t * p))
        self.union.assign_add(tf.reduce_sum(tf.maximum(t, p)))

    def result(self):
        return self.inter / (self.union + 1e-7)


def main():
    train = make_set(240, 1)
    valid = make_set(64, 2)
    print("foreground share:", round(float(train[1].mean()), 4))

    net = unet()
    net.compile(
        optimizer=keras.optimizers.Adam(3e-3),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[LogitIoU()],
    )
    net.fit(dataset(*train, True), validation_data=dataset(*valid, False), epochs=10, verbose=2)

    prob = tf.sigmoid(net.predict(valid[0], verbose=0)).numpy()
    area, truth = prob.mean(axis=(1, 2, 3)), valid[1].mean(axis=(1, 2, 3))
    print(f"covered area: estimated {area.mean():.3f}, true {truth.mean():.3f}")
    print(f"area error per tile: {np.abs(area - truth).mean():.4f}")


if __name__ == "__main__":
    main()
