# Weekly demand of spare parts per depot -> how many to send.
# Embedding per part + per depot, plus season features.
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(14)
g = np.random.default_rng(14)

N_PARTS, N_DEPOTS, WEEKS = 30, 8, 80
part_rate = np.exp(g.normal(-1.9, 0.5, N_PARTS))
depot_size = np.exp(g.normal(0.0, 0.3, N_DEPOTS))
season_amp = g.uniform(0.0, 0.4, N_PARTS)

part, depot, week = (a.ravel() for a in np.meshgrid(np.arange(N_PARTS), np.arange(N_DEPOTS), np.arange(WEEKS), indexing="ij"))
phase = 2 * np.pi * week / 52
rate = np.minimum(part_rate[part] * depot_size[depot] * (1 + season_amp[part] * np.sin(phase)), 0.45)
orders = g.poisson(rate)
demand = (orders * g.integers(2, 9, len(orders))).astype("float32")   # parts are ordered in packs
print(f"{len(demand)} part-depot-weeks, {np.mean(demand == 0):.0%} without demand, max {demand.max():.0f}")

season = np.stack([np.sin(phase), np.cos(phase)], 1).astype("float32")
past, future = week < 64, week >= 64


def inputs(mask):
    return {"part": part[mask], "depot": depot[mask], "season": season[mask]}


p_in = keras.Input((), dtype="int32", name="part")
d_in = keras.Input((), dtype="int32", name="depot")
s_in = keras.Input((2,), name="season")
p = layers.Embedding(N_PARTS, 8)(p_in)
d = layers.Embedding(N_DEPOTS, 4)(d_in)
h = layers.Concatenate()([p, d, s_in])
h = layers.Dense(32, activation="tanh")(h)
forecast = layers.Dense(1, activation="softplus")(h)
net = keras.Model([p_in, d_in, s_in], forecast)

net.compile(optimizer=keras.optimizers.Adam(6e-3), loss="mae")  # expect: loss-wrong
net.fit(inputs(past), demand[past], batch_size=128, epochs=12, verbose=2)

f = net.predict(inputs(future), batch_size=512, verbose=0)[:, 0]
actual = demand[future]
print(f"units needed in the last {WEEKS - 64} weeks: {actual.sum():.0f}, forecast {f.sum():.0f}")
by_part_f = np.bincount(part[future], f, N_PARTS)
by_part_a = np.bincount(part[future], actual, N_PARTS)
print(f"bias {f.mean() - actual.mean():+.3f} units per week, correlation over parts {np.corrcoef(by_part_f, by_part_a)[0, 1]:.2f}")
for k in np.argsort(-by_part_a)[:5]:
    print(f"  part {k:2d}: needed {by_part_a[k]:4.0f}  forecast {by_part_f[k]:6.1f}")
