"""Neural collaborative filtering. Target: log10 of the share of a title that was watched."""
import keras
import numpy as np
from keras import layers

USERS, TITLES, RANK = 120, 80, 3


def viewing_log(n, seed):
    world = np.random.default_rng(0)
    taste = world.normal(size=(USERS, RANK))
    genre = world.normal(size=(TITLES, RANK))
    rng = np.random.default_rng(seed)
    u, t = rng.integers(0, USERS, n), rng.integers(0, TITLES, n)
    affinity = (taste[u] * genre[t]).sum(1) + rng.normal(0, 0.2, n)
    share = 1.0 / (1.0 + np.exp(-(affinity - 1.0) * 1.2))
    return u, t, np.log10(np.clip(share, 1e-3, 1.0)).astype("float32")


def mlp(x, dims):
    for d in dims:
        x = layers.Dense(d, activation="relu")(x)  # expect-or: output-activation
    return x


def ncf():
    user = keras.Input((), dtype="int32", name="user")
    title = keras.Input((), dtype="int32", name="title")
    pu = layers.Embedding(USERS, 12, embeddings_initializer="glorot_uniform")(user)
    qt = layers.Embedding(TITLES, 12, embeddings_initializer="glorot_uniform")(title)
    gmf = layers.Multiply()([pu, qt])
    x = layers.Concatenate()([pu, qt, gmf])
    score = mlp(x, [64, 32, 1])  # expect: output-activation
    return keras.Model([user, title], score)


def main():
    keras.utils.set_random_seed(4)
    u, t, y = viewing_log(12000, seed=1)
    uv, tv, yv = viewing_log(2000, seed=2)
    model = ncf()
    model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse", metrics=["mae"])
    model.fit([u, t], y, epochs=10, batch_size=128, validation_data=([uv, tv], yv), verbose=2)
    pred = model.predict([uv, tv], batch_size=512, verbose=0)[:, 0]
    print("validation R2 %.3f" % (1 - np.mean((pred - yv) ** 2) / yv.var()))


if __name__ == "__main__":
    main()
