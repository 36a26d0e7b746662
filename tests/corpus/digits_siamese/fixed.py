import keras
import numpy as np
from keras import layers, ops
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class Projection(layers.Layer):
    """Dense layer with an optional l2-normalised output."""

    def __init__(self, units, activation=None, kernel_initializer="glorot_uniform",
                 bias_initializer="zeros", normalize=False, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.normalize = normalize

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], self.units),
            initializer=self.kernel_initializer,
        )
        self.bias = self.add_weight(
            name="bias",
            shape=(self.units,),
            initializer=self.bias_initializer,
        )

    def call(self, x):
        y = self.activation(ops.matmul(x, self.kernel) + self.bias)
        if self.normalize:
            y = y / ops.sqrt(ops.sum(ops.square(y), axis=-1, keepdims=True) + 1e-6)
        return y


def make_pairs(x, y, n, rng):
    a = rng.integers(0, len(x), n)
    b = np.empty(n, int)
    same = rng.random(n) < 0.5
    for k in range(n):
        pool = np.flatnonzero(y == y[a[k]]) if same[k] else np.flatnonzero(y != y[a[k]])
        b[k] = rng.choice(pool)
    return [x[a], x[b]], same.astype("float32")


def build_siamese(dim):
    branch = keras.Sequential([
        keras.Input((dim,)),
        Projection(64, activation="relu"),
        Projection(32, activation="relu"),
        Projection(16, normalize=True),
    ], name="branch")
    left, right = keras.Input((dim,)), keras.Input((dim,))
    diff = layers.Lambda(lambda t: ops.abs(t[0] - t[1]))([branch(left), branch(right)])
    out = layers.Dense(1, activation="sigmoid")(diff)
    return keras.Model([left, right], out)


def run(seed=17):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    x, y = load_digits(return_X_y=True)
    x = (x / 16.0).astype("float32")
    x_tr, x_te, y_tr, y_te = train_test_split(x, y, test_size=0.25, random_state=seed, stratify=y)
    pairs_tr, same_tr = make_pairs(x_tr, y_tr, 4000, rng)
    pairs_te, same_te = make_pairs(x_te, y_te, 1000, rng)

    model = build_siamese(x.shape[1])
    model.compile(keras.optimizers.Adam(2e-3), "binary_crossentropy", metrics=["accuracy"])
    model.fit(pairs_tr, same_tr, batch_size=64, epochs=12,
              validation_data=(pairs_te, same_te), verbose=2)
    print("pair accuracy:", round(model.evaluate(pairs_te, same_te, verbose=0)[1], 4))


run()
