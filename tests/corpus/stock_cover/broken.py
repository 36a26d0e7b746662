from pathlib import Path
import numpy as np
import pandas as pd
import tensorflow as tf

LEVEL = 0.9


def pinball(y, q):
    e = q - y  # expect: loss-wrong
    return tf.reduce_mean(tf.maximum(LEVEL * e, (LEVEL - 1) * e))  # expect-or: loss-wrong


def demand(n=2500, seed=14):
    r = np.random.default_rng(seed)
    df = pd.DataFrame({"price": r.uniform(1, 5, n), "promo": r.integers(0, 2, n), "temp": r.normal(15, 8, n)})
    df["units"] = r.poisson(np.exp(2.2 - .25*df.price + .5*df.promo + .015*df.temp)).astype(float)
    return df


df = demand()
x = df[["price", "promo", "temp"]]
x = ((x - x.mean())/x.std()).to_numpy("float32")
y = (df["units"]/10).to_numpy("float32")[:, None]
tf.keras.utils.set_random_seed(14)
net = tf.keras.Sequential([tf.keras.layers.Input((3,)), tf.keras.layers.Dense(32, activation="gelu"), tf.keras.layers.Dense(1, activation="softplus")])
net.compile(optimizer=tf.keras.optimizers.Adam(5e-3), loss=pinball)
net.fit(x[:2000], y[:2000], batch_size=50, epochs=30, verbose=2)
q = net.predict(x[2000:], verbose=0)
print("share of days covered:", float((y[2000:] <= q).mean()), "wanted", LEVEL)
