"""Siamese network: do two glyphs show the same character?  (contrastive loss, functional API)"""
import numpy as np
import keras
from keras import layers, ops
from sklearn.datasets import load_digits

MARGIN = 1.0
THRESHOLD = 0.5


def glyphs():
    d = load_digits()
    x = (d.images[..., None] / 16.0).astype("float32")
    order = np.random.default_rng(1).permutation(len(x))
    x, y = x[order], d.target[order]
    return (x[:1300], y[:1300]), (x[1300:], y[1300:])


def make_pairs(x, y, n, seed):
    """Half of the pairs share the character (label 1), half do not (label 0)."""
    rng = np.random.default_rng(seed)
    by_class = [np.flatnonzero(y == c) for c in range(10)]
    left, right, same = [], [], []
    for i in range(n):
        a = rng.integers(len(x))
        alike = i % 2 == 0
        c = y[a] if alike else (y[a] + rng.integers(1, 10)) % 10
        left.append(a)
        right.append(rng.choice(by_class[c]))
        same.append(float(alike))
    order = rng.permutation(n)
    pick = lambda seq: np.asarray(seq)[order]
    return [x[pick(left)], x[pick(right)]], pick(same).astype("float32")[:, None]


def tower(dim=12):
    inp = keras.Input((8, 8, 1))
    h = layers.Conv2D(16, 3, padding="same", activation="relu")(inp)
    h = layers.MaxPooling2D()(h)
    h = layers.Conv2D(32, 3, padding="same", activation="relu")(h)
    h = layers.Flatten()(h)
    return keras.Model(inp, layers.Dense(dim)(h), name="tower")


class Distance(layers.Layer):
    def call(self, a, b):
        sq = ops.sum(ops.square(a - b), axis=-1, keepdims=True)
        return ops.sqrt(sq + 1e-6)


def contrastive(same, dist):
    near = ops.square(dist)
    far = ops.square(ops.maximum(MARGIN - dist, 0.0))
    return ops.mean(same * near + (1.0 - same) * far)


def pair_accuracy(same, dist):
    decision = ops.cast(dist > THRESHOLD, "float32")  # expect: metric-wrong
    return ops.mean(ops.cast(ops.equal(same, decision), "float32"))


def siamese():
    embed = tower()
    a = keras.Input((8, 8, 1), name="first")
    b = keras.Input((8, 8, 1), name="second")
    return keras.Model([a, b], Distance(name="distance")(embed(a), embed(b))), embed


def main():
    keras.utils.set_random_seed(1)
    (x, y), (xt, yt) = glyphs()
    pairs, same = make_pairs(x, y, 4000, seed=2)
    pairs_t, same_t = make_pairs(xt, yt, 1000, seed=3)

    model, embed = siamese()
    model.compile(optimizer=keras.optimizers.RMSprop(1e-3), loss=contrastive, metrics=[pair_accuracy])
    model.fit(pairs, same, validation_data=(pairs_t, same_t), batch_size=64, epochs=10, verbose=2)

    dist = model.predict(pairs_t, verbose=0)
    print("mean distance, same character:  %.3f" % dist[same_t == 1].mean())
    print("mean distance, other character: %.3f" % dist[same_t == 0].mean())
    print("pair accuracy on new glyphs:    %.3f" % float(pair_accuracy(same_t, dist)))


if __name__ == "__main__":
    main()
