"""Deep sets: clouds of 15..40 points drawn from a circle, a square, a cross or a blob."""
import keras
import numpy as np
from keras import layers, ops

keras.utils.set_random_seed(10)
KINDS = ["circle", "square", "cross", "blob"]
MAXN = 40


def cloud(kind, r):
    n = r.integers(15, MAXN + 1)
    if kind == 0:
        t = r.uniform(0, 2 * np.pi, n)
        p = np.c_[np.cos(t), np.sin(t)]
    elif kind == 1:
        u, side = r.uniform(-1, 1, n), r.integers(0, 4, n)
        one = np.ones(n)
        p = np.where((side == 0)[:, None], np.c_[u, one],
            np.where((side == 1)[:, None], np.c_[u, -one],
            np.where((side == 2)[:, None], np.c_[one, u], np.c_[-one, u])))
    elif kind == 2:
        u, flip = r.uniform(-1, 1, n), r.random(n) < 0.5
        p = np.where(flip[:, None], np.c_[u, 0 * u], np.c_[0 * u, u])
    else:
        p = r.normal(0, 0.55, (n, 2))
    p = p * r.uniform(0.7, 1.3) + r.normal(0, 0.05, (n, 2))
    out = np.zeros((MAXN, 3), "float32")
    out[:n, :2] = p
    out[:n, 2] = 1.0                       # 1 where there is a point
    return out


class Clouds(keras.utils.PyDataset):
    def __init__(self, n, batch, seed, train, **kw):
        super().__init__(**kw)
        r = np.random.default_rng(seed)
        self.t = r.integers(0, 4, n)
        self.x = np.stack([cloud(k, r) for k in self.t])
        self.batch, self.train = batch, train
        self.rng = np.random.default_rng(seed + 1)
        self.order = np.arange(n)

    def __len__(self):
        return int(np.ceil(len(self.t) / self.batch))

    def __getitem__(self, i):
        pick = self.order[i * self.batch:(i + 1) * self.batch]
        x = self.x[pick]
        if self.train:
            sign = self.rng.choice([-1.0, 1.0], (len(pick), 1, 2)).astype("float32")
            x = np.concatenate([x[..., :2] * sign, x[..., 2:]], -1)
        return x, self.t[pick]

    def on_epoch_end(self):
        if self.train:
            self.rng.shuffle(self.order)


@keras.saving.register_keras_serializable("sets")
class Pool(layers.Layer):
    def call(self, h, mask3):
        total = ops.sum(h * mask3, axis=1)
        mean = total / ops.sum(mask3, axis=1)
        top = ops.max(h - 1e4 * (1.0 - mask3), axis=1)
        return ops.concatenate([mean, top], axis=-1)


inp = keras.Input((MAXN, 3))
pts, mask = inp[..., :2], inp[..., 2:]
h = layers.Dense(48, activation="relu")(pts)
h = layers.Dense(48, activation="relu")(h)
z = Pool()(h, mask3=mask)
z = layers.Dense(32, activation="relu")(z)
net = keras.Model(inp, layers.Dense(4)(z))
net.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])

train, valid = Clouds(2000, 32, 1, True), Clouds(500, 50, 2, False)
net.fit(train, validation_data=valid, epochs=12, verbose=2)

logits = net.predict(valid, verbose=0)
for k, name in enumerate(KINDS):
    mine = valid.t == k
    print(f"{name:7s} n={mine.sum():3d} recall {np.mean(logits[mine].argmax(1) == k):.3f}")
x = valid.x[:1]
swapped = x[:, np.random.default_rng(0).permutation(MAXN)]
print("largest change under a permutation:", float(np.abs(net.predict(x, verbose=0) - net.predict(swapped, verbose=0)).max()))
