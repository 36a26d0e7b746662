import argparse
import numpy as np
import tensorflow as tf
from tensorflow import keras

# Film club ratings: biased matrix factorisation (Koren et al. 2009)


class LatentTable(keras.layers.Layer):
    """Look-up table of latent vectors for one kind of entity."""

    def __init__(self, n_rows, dim, seed):
        super().__init__()
        init = keras.initializers.RandomNormal(stddev=0.1, seed=seed)
        self.emb = keras.layers.Embedding(n_rows, dim, embeddings_initializer=init)

    def call(self, ids):
        return self.emb(ids)


class BiasedMF(keras.Model):
    def __init__(self, n_users, n_items, dim, mu):
        super().__init__()
        self.mu = mu
        self.p = LatentTable(n_users, dim, seed=1)
        self.q = LatentTable(n_items, dim, seed=2)
        self.bu = keras.layers.Embedding(n_users, 1, embeddings_initializer="zeros")
        self.bi = keras.layers.Embedding(n_items, 1, embeddings_initializer="zeros")

    def call(self, pair):
        u, i = pair[:, 0], pair[:, 1]
        dot = tf.reduce_sum(self.p(u) * self.q(i), axis=-1, keepdims=True)
        return self.mu + self.bu(u) + self.bi(i) + dot


def synth_ratings(n_users, n_items, per_user, rng):
    taste = rng.normal(size=(n_users, 3))
    genre = rng.normal(size=(n_items, 3))
    pairs, stars = [], []
    for u in range(n_users):
        for i in rng.choice(n_items, per_user, replace=False):
            s = 3.2 + 0.8 * taste[u] @ genre[i] + 0.15 * rng.normal()
            pairs.append((u, i))
            stars.append(s)
    pairs = np.array(pairs, "int32")
    stars = np.array(stars, "float32")[:, None]
    order = rng.permutation(len(pairs))
    return pairs[order], stars[order]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--users", type=int, default=150)
    ap.add_argument("--items", type=int, default=80)
    ap.add_argument("--per-user", type=int, default=60)
    ap.add_argument("--dim", type=int, default=3)
    ap.add_argument("--epochs", type=int, default=9)
    ap.add_argument("--lr", type=float, default=0.01)
    a = ap.parse_args()

    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(2009)
    pairs, stars = synth_ratings(a.users, a.items, a.per_user, rng)
    n_val = len(pairs) // 6
    xv, yv, xt, yt = pairs[:n_val], stars[:n_val], pairs[n_val:], stars[n_val:]

    model = BiasedMF(a.users, a.items, a.dim, float(yt.mean()))
    model.compile(optimizer=keras.optimizers.Adam(a.lr), loss="mse",
                  metrics=[keras.metrics.RootMeanSquaredError(name="rmse")])
    model.fit(xt, yt, batch_size=128, epochs=a.epochs, validation_data=(xv, yv), verbose=2)
    print("std of held-out stars: %.3f" % yv.std())
    print("held-out RMSE        : %.3f" % model.evaluate(xv, yv, verbose=0, return_dict=True)["rmse"])
    user = 7
    grid = np.stack([np.full(a.items, user), np.arange(a.items)], 1).astype("int32")
    best = np.argsort(-model.predict(grid, verbose=0)[:, 0])[:5]
    print("recommended for member", user, ":", best.tolist())


if __name__ == "__main__":
    main()
