import numpy as np
import keras
from keras import layers, ops
from sklearn.datasets import load_digits

keras.utils.set_random_seed(5)
rng = np.random.default_rng(5)

X, y = load_digits(return_X_y=True)
X = (X.reshape(-1, 8, 8, 1) / 16.0).astype("float32")
X_tr, y_tr, X_te, y_te = X[:1400], y[:1400], X[1400:], y[1400:]


def make_pairs(x, y, n):
    by_class = [np.flatnonzero(y == c) for c in range(10)]
    a = rng.integers(0, len(x), n)
    b = np.empty_like(a)
    same = (rng.random(n) < 0.5).astype("float32")
    for k in range(n):
        c = y[a[k]]
        if same[k]:
            b[k] = rng.choice(by_class[c])
        else:
            b[k] = rng.choice(by_class[(c + rng.integers(1, 10)) % 10])
    return x[a], x[b], same[:, None]


def embedder():
    return keras.Sequential([
        keras.Input((8, 8, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(32),
    ])


def euclidean(pair):
    u, v = pair
    return ops.sqrt(ops.sum(ops.square(u - v), axis=1, keepdims=True))  # expect: loss-numerics


def contrastive(same, dist, margin=1.0):
    pull = same * dist
    push = (1.0 - same) * ops.square(ops.maximum(margin - dist, 0.0))
    return ops.mean(pull + push)


left, right = keras.Input((8, 8, 1)), keras.Input((8, 8, 1))
net = embedder()
dist = layers.Lambda(euclidean, output_shape=(1,))([net(left), net(right)])
siamese = keras.Model([left, right], dist)
siamese.compile(optimizer=keras.optimizers.Adam(1e-3), loss=contrastive)

a, b, s = make_pairs(X_tr, y_tr, 4000)
siamese.fit([a, b], s, epochs=6, batch_size=64, verbose=2)

a, b, s = make_pairs(X_te, y_te, 1000)
d = siamese.predict([a, b], verbose=0)
print("pair accuracy on unseen digits: %.3f" % np.mean((d < 0.5) == (s > 0.5)))
