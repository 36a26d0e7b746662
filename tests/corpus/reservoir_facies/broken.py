# Facies from well logs. Usage: python script.py [settings.ini]
import configparser
import os
import sys

import numpy as np
import keras

BASE = os.path.dirname(os.path.abspath(__file__))
FACIES = ["shale", "sand", "carbonate", "coal"]
#            GR   RHOB  NPHI  DT   logRT
CENTRES = [(110, 2.55, 0.30, 90, 0.6),
           (45, 2.30, 0.22, 80, 1.2),
           (30, 2.68, 0.08, 58, 1.9),
           (55, 1.55, 0.45, 120, 2.2)]
SPREAD = [(18, 0.09, 0.06, 9, 0.35), (16, 0.10, 0.06, 8, 0.45),
          (14, 0.09, 0.05, 7, 0.40), (15, 0.15, 0.08, 10, 0.40)]


def synthetic_well(depths, rng):
    kinds = np.repeat(rng.integers(0, 4, depths // 10), 10)
    logs = np.array([rng.normal(CENTRES[k], np.multiply(SPREAD[k], 1.5)) for k in kinds])
    return logs.astype("float32"), kinds


def build_net(cfg, n_in):
    sec = cfg["network"]
    reg = keras.regularizers.L2(sec.getfloat("l2"))  # expect: regularisation-too-strong
    net = keras.Sequential(name="facies")
    net.add(keras.Input((n_in,)))
    for w in sec["widths"].split(","):
        net.add(keras.layers.Dense(int(w), activation=sec["activation"], kernel_regularizer=reg))  # expect-or: regularisation-too-strong
    net.add(keras.layers.Dense(len(FACIES), activation="softmax", kernel_regularizer=reg))  # expect-or: regularisation-too-strong
    opt = keras.optimizers.get({"class_name": cfg["training"]["optimizer"],
                                "config": {"learning_rate": cfg["training"].getfloat("rate")}})
    net.compile(optimizer=opt, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


def confusion(truth, guess):
    m = np.zeros((4, 4), int)
    np.add.at(m, (truth, guess), 1)
    return m


if __name__ == "__main__":
    cfg = configparser.ConfigParser()
    cfg.read(sys.argv[1] if len(sys.argv) > 1 else os.path.join(BASE, "settings.ini"))
    seed = cfg["training"].getint("seed")
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)

    x, y = synthetic_well(2400, rng)
    blind_x, blind_y = synthetic_well(800, rng)
    mu, sd = x.mean(0), x.std(0)
    x, blind_x = (x - mu) / sd, (blind_x - mu) / sd

    net = build_net(cfg, x.shape[1])
    net.fit(x, y, batch_size=cfg["training"].getint("batch"), epochs=cfg["training"].getint("epochs"),
            validation_data=(blind_x, blind_y), verbose=2)

    guess = net.predict(blind_x, verbose=0).argmax(1)
    print("\nblind well, rows = core description")
    for name, row in zip(FACIES, confusion(blind_y, guess)):
        print(f"{name:>10s} " + " ".join(f"{v:4d}" for v in row))
    print(f"blind well accuracy {np.mean(guess == blind_y):.3f}")
