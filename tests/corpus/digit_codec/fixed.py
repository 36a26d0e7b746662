import numpy as np
import keras
from keras import layers
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler

config = {
    "seed": 5,
    "bottleneck": 12,
    "encoder": [{"units": 48, "act": "elu"}, {"units": 24, "act": "elu"}],
    "decoder": [{"units": 24, "act": "elu"}, {"units": 48, "act": "elu"}],
    "pixel": {"units": 64, "act": "linear"},
    "train": {"epochs": 28, "batch_size": 64, "lr": 3e-3},
}


def stack(h, blocks, prefix):
    for i, b in enumerate(blocks):
        h = layers.Dense(b["units"], activation=b["act"], name=f"{prefix}{i}")(h)
    return h


def make_codec(c):
    pix = keras.Input((64,), name="pixels")
    code = layers.Dense(c["bottleneck"], name="code")(stack(pix, c["encoder"], "enc"))
    back = stack(code, c["decoder"] + [c["pixel"]], "dec")
    return keras.Model(pix, back), keras.Model(pix, code)


def explained(x, xhat):
    return 1 - np.sum((x - xhat) ** 2) / np.sum((x - x.mean(0)) ** 2)


keras.utils.set_random_seed(config["seed"])
images = load_digits().data
order = np.random.permutation(len(images))
scaler = StandardScaler().fit(images[order[:1400]])
x = np.clip(scaler.transform(images), -4, 4).astype("float32")
x_train, x_test = x[order[:1400]], x[order[1400:]]

codec, encoder = make_codec(config)
t = config["train"]
codec.compile(keras.optimizers.Adam(t["lr"]), loss="mse")
h = codec.fit(x_train, x_train, epochs=t["epochs"], batch_size=t["batch_size"],
              validation_data=(x_test, x_test), verbose=0)
print("mse first/last:", round(h.history["loss"][0], 4), round(h.history["loss"][-1], 4))
print("code std:", encoder.predict(x_test, verbose=0).std(0).round(2))
print("explained variance on test: %.3f" % explained(x_test, codec.predict(x_test, verbose=0)))
