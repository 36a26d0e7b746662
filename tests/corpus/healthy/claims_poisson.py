"""Claim counts per policy, Poisson with exposure as an offset."""
import numpy as np
import tensorflow as tf
import keras
from keras import ops

keras.utils.set_random_seed(314)
g = np.random.default_rng(314)
n = 12000
age = g.integers(18, 80, n)
power = g.integers(4, 13, n)
region = g.integers(0, 22, n)
exposure = g.uniform(0.1, 1.0, n)
effect = g.normal(0, 0.7, 22)
log_rate = -0.4 + 1.3 * np.exp(-(age - 18) / 9) + 0.12 * (power - 7) + effect[region]
claims = g.poisson(exposure * np.exp(log_rate)).astype("float32")
print("share of zero claims", (claims == 0).mean(), "max", claims.max())

num = np.stack([(age - 45) / 18, (power - 8) / 2.6], 1).astype("float32")
logexp = np.log(exposure).astype("float32")[:, None]
cut = 9600

x_num = keras.Input((2,), name="num")
x_reg = keras.Input((1,), dtype="int32", name="region")     # plain ids, looked up below
x_off = keras.Input((1,), name="offset")
emb = keras.layers.Flatten()(keras.layers.Embedding(22, 4)(x_reg))
h = keras.layers.Concatenate()([x_num, emb])
h = keras.layers.Dense(32, activation="swish")(h)
h = keras.layers.Dense(16, activation="swish")(h)
lin = keras.layers.Dense(1, kernel_initializer="zeros")(h)
rate = keras.layers.Lambda(lambda t: ops.exp(t))(keras.layers.Add()([lin, x_off]))
model = keras.Model({"num": x_num, "region": x_reg, "offset": x_off}, rate)
model.compile(keras.optimizers.Adam(3e-3), loss=keras.losses.Poisson())


def part(s):
    return {"num": num[s], "region": region[s][:, None].astype("int32"), "offset": logexp[s]}


tr, te = slice(0, cut), slice(cut, None)
model.fit(part(tr), claims[tr][:, None], epochs=12, batch_size=256, verbose=2, validation_data=(part(te), claims[te][:, None]))


def deviance(y, mu):
    return 2 * np.mean(np.where(y > 0, y * np.log(np.maximum(y, 1e-9) / mu), 0) - (y - mu))


mu = model.predict(part(te), verbose=0)[:, 0]
flat = exposure[te] * claims[tr].sum() / exposure[tr].sum()
print("deviance model %.4f, flat rate %.4f, true rate %.4f" % (deviance(claims[te], mu), deviance(claims[te], flat), deviance(claims[te], (exposure * np.exp(log_rate))[te])))
