# One network, two answers: asking price of a flat and its energy label (A, B or C).
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras import layers


def make_listings(n=1500, seed=8):
    r = np.random.default_rng(seed)
    area = r.uniform(25, 160, n)
    rooms = np.clip(np.round(area / 28 + r.normal(0, 0.6, n)), 1, 7)
    year = r.integers(1900, 2022, n)
    km = r.gamma(2.0, 3.0, n)
    floor = r.integers(0, 9, n)
    price = (3900 * area * np.exp(-0.06 * km) + 18000 * rooms + 900 * (year - 1950).clip(0)
             + 4000 * floor + r.normal(0, 12000, n))
    quality = (year - 1900) / 40 + r.normal(0, 0.15, n) - 0.004 * (area - 90)
    label = np.where(quality > 2.1, "A", np.where(quality > 1.0, "B", "C"))
    return pd.DataFrame(dict(area=area, rooms=rooms, year=year, km=km, floor=floor,
                             price=price.round(-3), label=label))


tf.keras.utils.set_random_seed(8)
flats = make_listings()
print(flats.describe().loc[["mean", "std", "min", "max"]].round(1).to_string())

cols = ["area", "rooms", "year", "km", "floor"]
X = flats[cols]
X = ((X - X[:1200].mean()) / X[:1200].std()).to_numpy("float32")
price = flats["price"].to_numpy("float32") / 100_000
label = flats["label"].map({"A": 0, "B": 1, "C": 2}).to_numpy("int32")

inp = layers.Input((len(cols),))
h = layers.Dense(48, activation="relu")(inp)
h = layers.Dense(48, activation="relu")(h)
price_out = layers.Dense(1, name="price")(h)
label_out = layers.Dense(3, activation="softmax", name="label")(h)
net = tf.keras.Model(inp, {"price": price_out, "label": label_out})

net.compile(
    optimizer=tf.keras.optimizers.Adam(2e-3),
    loss={"price": "mse", "label": "sparse_categorical_crossentropy"},
    metrics={"label": ["accuracy"]},
)
log = net.fit(
    X[:1200], {"price": price[:1200, None], "label": label[:1200]},
    validation_data=(X[1200:], {"price": price[1200:, None], "label": label[1200:]}),
    epochs=25, batch_size=32, verbose=0,
)
for e in (0, 5, 10, 15, 20, 24):
    print("epoch %2d  " % e + "  ".join(f"{k} {log.history[k][e]:.4g}" for k in (
        "price_loss", "label_loss", "val_price_loss", "val_label_loss")))

out = net.predict(X[1200:], verbose=0)
p, q = out["price"][:, 0], price[1200:]
print("price: mean error / mean price  %.3f" % (np.abs(p - q).mean() / q.mean()))
print("price: R2  %.3f" % (1 - ((p - q) ** 2).sum() / ((q - q.mean()) ** 2).sum()))
print("label: accuracy  %.3f" % (out["label"].argmax(1) == label[1200:]).mean())
