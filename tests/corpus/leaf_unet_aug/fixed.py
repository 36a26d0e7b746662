"""Leaf-spot segmentation, tiny U-Net, flips and brightness on the fly."""
import keras
import numpy as np
from keras.layers import (Concatenate, Conv2D, Input, MaxPooling2D, UpSampling2D)

SIZE = 32
BATCH_SIZE = 16
EPOCHS = 8
keras.utils.set_random_seed(2024)


def draw_leaf(rng):
    """One RGB picture of a leaf with brown spots and the mask of the spots."""
    yy, xx = np.mgrid[:SIZE, :SIZE].astype("float32")
    img = np.empty((SIZE, SIZE, 3), "float32")
    img[:] = rng.uniform(0.55, 0.85, 3)
    cy, cx = rng.uniform(13, 19, 2)
    a, b = rng.uniform(9, 14, 2)
    leaf = ((yy - cy) / a) ** 2 + ((xx - cx) / b) ** 2 < 1
    img[leaf] = np.array([0.20, 0.52, 0.18]) * rng.uniform(0.8, 1.2)
    mask = np.zeros((SIZE, SIZE), bool)
    for _ in range(rng.integers(1, 5)):
        sy, sx = cy + rng.uniform(-7, 7), cx + rng.uniform(-7, 7)
        spot = (yy - sy) ** 2 + (xx - sx) ** 2 < rng.uniform(1.8, 4.2) ** 2
        mask |= spot & leaf
    img[mask] = np.array([0.45, 0.33, 0.16]) * rng.uniform(0.8, 1.2)
    # twigs outside of the leaf have nearly the colour of the spots
    twig = (np.abs(xx - yy * rng.uniform(-1, 1) - rng.uniform(0, 32)) < 1.5) & ~leaf
    img[twig] = np.array([0.42, 0.31, 0.17])
    img += rng.normal(0, 0.04, img.shape)
    return np.clip(img, 0, 1), mask[..., None].astype("float32")


class LeafData(keras.utils.PyDataset):
    def __init__(self, images, masks, batch_size, augment=False, **kwargs):
        super().__init__(**kwargs)
        self.images, self.masks = images, masks
        self.batch_size = batch_size
        self.augment = augment
        self.rng = np.random.default_rng(5)
        self.order = np.arange(len(images))
        self.on_epoch_end()

    def __len__(self):
        return int(np.ceil(len(self.images) / self.batch_size))

    def __getitem__(self, i):
        rows = self.order[i * self.batch_size:(i + 1) * self.batch_size]
        x, y = self.images[rows], self.masks[rows]
        if self.augment:
            if self.rng.random() < 0.5:
                x, y = x[:, :, ::-1], y[:, :, ::-1]
            if self.rng.random() < 0.5:
                x, y = x[:, ::-1], y[:, ::-1]
            x = np.clip(x * self.rng.uniform(0.9, 1.1), 0, 1)
        return x.astype("float32"), y

    def on_epoch_end(self):
        if self.augment:
            self.rng.shuffle(self.order)


def unet():
    def two(x, f):
        for _ in range(2):
            x = Conv2D(f, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
        return x

    i = Input((SIZE, SIZE, 3))
    c1 = two(i, 6)
    c2 = two(MaxPooling2D()(c1), 12)
    c3 = two(MaxPooling2D()(c2), 24)
    u2 = two(Concatenate()([UpSampling2D()(c3), c2]), 12)
    u1 = two(Concatenate()([UpSampling2D()(u2), c1]), 6)
    return keras.Model(i, Conv2D(1, 1, activation="sigmoid")(u1))


rng = np.random.default_rng(99)
pairs = [draw_leaf(rng) for _ in range(464)]
X = np.stack([p[0] for p in pairs]).astype("float32")
M = np.stack([p[1] for p in pairs])
train_gen = LeafData(X[:400], M[:400], BATCH_SIZE, augment=True)
val_gen = LeafData(X[400:], M[400:], BATCH_SIZE)
print("spot pixels: %.1f %%" % (100 * M.mean()))

model = unet()
iou = keras.metrics.BinaryIoU(target_class_ids=[1], threshold=0.5, name="iou")
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="binary_crossentropy", metrics=[iou])

model.fit(
    train_gen,
    steps_per_epoch=len(train_gen),
    epochs=EPOCHS,
    validation_data=val_gen,
    verbose=2,
)
print("validation IoU of the spots: %.3f" % model.evaluate(val_gen, verbose=0, return_dict=True)["iou"])
