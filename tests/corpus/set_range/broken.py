"""Deep Sets toy: regress the spread (max - min) of a set of numbers."""
import os
import keras
import numpy as np
from keras import ops


class Affine(keras.layers.Layer):
    """Row-wise affine map followed by an activation."""

    def __init__(self, units, activation=None, **kw):
        super().__init__(**kw)
        self.units = units
        self.act = keras.activations.get(activation)

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units), initializer="he_uniform", name="w")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

    def call(self, x):
        return ops.matmul(x, self.w) + self.b  # expect: no-nonlinearity


class DeepSet(keras.Model):
    def __init__(self, width=64):
        super().__init__()
        self.phi = [Affine(width, "relu"), Affine(width, "relu"), Affine(width)]
        self.rho = [Affine(width, "relu"), Affine(width, "relu"), Affine(1)]

    def call(self, s):
        h = s[..., None]
        for f in self.phi:
            h = f(h)
        h = ops.mean(h, axis=1)
        for f in self.rho:
            h = f(h)
        return h[:, 0]


def sample(n, size, rng):
    loc = rng.uniform(-1, 1, (n, 1))
    scale = rng.uniform(0.1, 1.0, (n, 1))
    s = loc + scale * rng.uniform(-1, 1, (n, size))
    return s.astype("float32"), (s.max(1) - s.min(1)).astype("float32")


def r2(y, p):
    return 1 - np.mean((y - p) ** 2) / np.var(y)


if __name__ == "__main__":
    keras.utils.set_random_seed(int(os.environ.get("SEED", 8)))
    rng = np.random.default_rng(8)
    s_tr, t_tr = sample(3000, 12, rng)
    s_te, t_te = sample(500, 12, rng)
    net = DeepSet()
    net.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
    for block in range(5):
        h = net.fit(s_tr, t_tr, batch_size=64, epochs=4, verbose=0)
        p = net.predict(s_te, verbose=0)
        print(f"after {4 * (block + 1):2d} epochs: mse {h.history['loss'][-1]:.4f}   test R2 {r2(t_te, p):.3f}")
    for i in range(4):
        print("true %.2f  predicted %.2f" % (t_te[i], p[i]))
    shuffled = s_te[:, rng.permutation(12)]
    print("permutation gap:", float(np.abs(net.predict(shuffled, verbose=0) - p).max()))
