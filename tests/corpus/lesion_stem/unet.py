"""A very small U-Net with a filter-bank stem."""
import numpy as np
from tensorflow.keras import Input, Model, layers


def block(t, width, name):
    t = layers.Conv2D(width, 3, padding="same", activation="relu", name=name + "_a")(t)
    return layers.Conv2D(width, 3, padding="same", activation="relu", name=name + "_b")(t)


def unet(size, base=8):
    scan = Input((size, size, 1), name="scan")
    stem = layers.Conv2D(base, 5, padding="same", activation="relu", name="stem")(scan)

    down1 = block(stem, base, "down1")
    down2 = block(layers.MaxPooling2D()(down1), 2 * base, "down2")
    bottom = block(layers.MaxPooling2D()(down2), 3 * base, "bottom")

    up2 = layers.Concatenate()([layers.UpSampling2D()(bottom), down2])
    up2 = block(up2, 2 * base, "up2")
    up1 = layers.Concatenate()([layers.UpSampling2D()(up2), down1])
    up1 = block(up1, base, "up1")
    mask = layers.Conv2D(1, 1, activation="sigmoid", name="mask")(up1)
    return Model(scan, mask)


def load_stem(model, path):
    """Start the stem from the filter bank of the previous study."""
    bank = np.load(path)
    model.get_layer("stem").set_weights([bank["kernel"], bank["bias"]])  # expect: dead-relu
    return model
