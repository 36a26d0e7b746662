"""Low-rank adaptation of an existing digit reader to the new camera, which
delivers the picture upside down and with inverted contrast."""
import logging

import keras
import numpy as np
from sklearn.datasets import load_digits

from adapter_2 import LowRankDense

logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
log = logging.getLogger("camera-swap")


def old_camera():
    d = load_digits()
    order = np.random.default_rng(6).permutation(len(d.target))
    return (d.images[order] / 16.0 - 0.3).astype("float32"), d.target[order]


def new_camera(img):
    return (0.4 - img[:, ::-1, :]).astype("float32")


def base_reader():
    net = keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(64, activation="relu", name="fc1"),
        keras.layers.Dense(48, activation="relu", name="fc2"),
        keras.layers.Dense(10, name="scores"),
    ])
    return net


def compiled(net, rate):
    net.compile(optimizer=keras.optimizers.Adam(rate),
                loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                metrics=["accuracy"])
    return net


def adapt(base, rank):
    x = inp = keras.Input((64,))
    for layer in base.layers:
        x = LowRankDense(layer, rank=rank, name=layer.name + "_lr")(x)
    return keras.Model(inp, x)


def main():
    keras.utils.set_random_seed(6)
    img, lab = old_camera()
    old_x, old_y = img[:900].reshape(-1, 64), lab[:900]
    new_x, new_y = new_camera(img[900:1500]).reshape(-1, 64), lab[900:1500]
    test_x, test_y = new_camera(img[1500:]).reshape(-1, 64), lab[1500:]

    base = compiled(base_reader(), 2e-3)
    base.fit(old_x, old_y, epochs=10, batch_size=32, verbose=0)
    log.info("old camera, old reader: %.3f", base.evaluate(img[1500:].reshape(-1, 64), test_y, verbose=0)[1])
    log.info("new camera, old reader: %.3f", base.evaluate(test_x, test_y, verbose=0)[1])

    tuned = compiled(adapt(base, rank=8), 5e-3)
    n = sum(int(np.prod(w.shape)) for w in tuned.trainable_weights)
    log.info("%d trainable numbers of %d", n, tuned.count_params())
    tuned.fit(new_x, new_y, epochs=12, batch_size=32, validation_data=(test_x, test_y), verbose=2)
    log.info("new camera, adapted reader: %.3f", tuned.evaluate(test_x, test_y, verbose=0)[1])


if __name__ == "__main__":
    main()
