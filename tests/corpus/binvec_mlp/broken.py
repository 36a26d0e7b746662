# maps 20-bit switch settings to a measured real value
import json
import sys

import numpy as np
import tensorflow as tf

CONFIG = """
{
  "n_bits": 20,
  "n_points": 4000,
  "hidden": [100, 100, 100, 100],
  "activation": "sigmoid",  # expect: vanishing-gradient
  "learning_rate": 0.05,
  "batch_size": 50,
  "epochs": 25,
  "seed": 42
}
"""


def measure(bits, rng):
    w = rng.normal(size=bits.shape[1])
    value = bits @ w + 1.5 * bits[:, 0] * bits[:, 1] - 1.2 * bits[:, 2] * (1 - bits[:, 5])
    value = (value - value.mean()) / value.std()
    return value + 0.05 * rng.normal(size=len(bits))


def build_net(cfg):
    net = tf.keras.Sequential(name="switchboard")
    net.add(tf.keras.layers.Input(shape=(cfg["n_bits"],)))
    for width in cfg["hidden"]:
        net.add(tf.keras.layers.Dense(width, activation=cfg["activation"]))  # expect-or: vanishing-gradient
    net.add(tf.keras.layers.Dense(1))
    return net


def r_squared(y, p):
    return 1.0 - np.sum((y - p) ** 2) / np.sum((y - y.mean()) ** 2)


def main(argv):
    cfg = json.loads(CONFIG)
    if len(argv) > 1:
        with open(argv[1]) as fh:
            cfg.update(json.load(fh))
    tf.keras.utils.set_random_seed(cfg["seed"])
    rng = np.random.default_rng(cfg["seed"])

    bits = rng.integers(0, 2, size=(cfg["n_points"], cfg["n_bits"])).astype("float32")
    target = measure(bits, rng).astype("float32")
    bits = 2 * bits - 1
    cut = int(0.8 * len(bits))

    net = build_net(cfg)
    print("layers:", [layer.units for layer in net.layers])
    net.compile(optimizer=tf.keras.optimizers.SGD(cfg["learning_rate"]), loss="mse")
    history = net.fit(bits[:cut], target[:cut], epochs=cfg["epochs"],
                      batch_size=cfg["batch_size"],
                      validation_data=(bits[cut:], target[cut:]), verbose=0)
    for e in range(0, cfg["epochs"], 4):
        print("epoch %3d  mse %.4f  held out %.4f"
              % (e + 1, history.history["loss"][e], history.history["val_loss"][e]))

    pred_train = net.predict(bits[:cut], verbose=0).ravel()
    pred_test = net.predict(bits[cut:], verbose=0).ravel()
    print("R2 on training points %.3f" % r_squared(target[:cut], pred_train))
    print("R2 on held out points %.3f" % r_squared(target[cut:], pred_test))
    print("first predictions", pred_test[:6].round(3), "measured", target[cut:cut + 6].round(3))


if __name__ == "__main__":
    main(sys.argv)
