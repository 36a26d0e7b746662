import numpy as np
import keras
from keras import ops


class PermEquivariant(keras.layers.Layer):
    """Zaheer et al. 2017, eq. 4:  sigma(x Lambda - pool(x) Gamma + beta)."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, shape):
        d = shape[-1]
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        self.lam = self.add_weight(name="lam", shape=(d, self.units), initializer="glorot_uniform")
        self.gam = self.add_weight(name="gam", shape=(d, self.units), initializer="glorot_uniform")

    def call(self, x):
        pooled = ops.mean(x, axis=1, keepdims=True)
        return ops.relu(ops.matmul(x, self.lam) - ops.matmul(pooled, self.gam) + self.bias)


class SetPool(keras.layers.Layer):
    def call(self, x):
        return ops.max(x, axis=1)


def draw_sets(n, rng):
    """Clouds of 20 planar points on a ring, a blob or a line; class does not depend on point order."""
    kind = rng.integers(0, 3, n)
    pts = np.empty((n, 20, 2), "float32")
    for i, k in enumerate(kind):
        a = rng.uniform(0, 2 * np.pi, 20)
        if k == 0:
            p = np.c_[np.cos(a), np.sin(a)]
        elif k == 1:
            p = rng.normal(0, 0.7, (20, 2))
        else:
            d = rng.uniform(0, np.pi)
            p = rng.uniform(-1.4, 1.4, (20, 1)) * [[np.cos(d), np.sin(d)]]
        pts[i] = p + rng.normal(0, 0.06, (20, 2))
    return pts, kind


if __name__ == "__main__":
    keras.utils.set_random_seed(77)
    rng = np.random.default_rng(77)
    sets, kinds = draw_sets(2000, rng)
    sets_t, kinds_t = draw_sets(500, rng)

    cloud = keras.Input((20, 2), name="cloud")
    h = PermEquivariant(48)(cloud)
    h = PermEquivariant(48)(h)
    h = SetPool()(h)
    h = keras.layers.Dense(32, activation="relu")(h)
    deepset = keras.Model(cloud, keras.layers.Dense(3, activation="softmax")(h))

    deepset.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    deepset.optimizer.learning_rate = 3e-3
    deepset.fit(sets, kinds, batch_size=32, epochs=12, verbose=2)

    loss, acc = deepset.evaluate(sets_t, kinds_t, verbose=0)
    print(f"fresh clouds: loss {loss:.3f}, accuracy {acc:.3f}")
    shuffled = sets_t[:, rng.permutation(20)]
    print("same clouds, points reordered:", round(deepset.evaluate(shuffled, kinds_t, verbose=0)[1], 3))
