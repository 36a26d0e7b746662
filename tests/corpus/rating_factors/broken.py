import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

N_USERS, N_ITEMS, DIM = 300, 200, 8


def load_ratings(seed=0):
    rng = np.random.default_rng(seed)
    u_taste = rng.normal(size=(N_USERS, 3))
    i_style = rng.normal(size=(N_ITEMS, 3))
    u_bias, i_bias = rng.normal(0, 0.3, N_USERS), rng.normal(0, 0.4, N_ITEMS)
    pairs = rng.choice(N_USERS * N_ITEMS, 15000, replace=False)
    u, i = pairs // N_ITEMS, pairs % N_ITEMS
    r = 3.4 + u_bias[u] + i_bias[i] + 0.6 * (u_taste[u] * i_style[i]).sum(1)
    r = np.clip(r + rng.normal(0, 0.25, len(r)), 0.5, 6.0)
    return u.astype("int32"), i.astype("int32"), r.astype("float32")


def table(rows, dim, name):
    # unseen users / items fall back to the global mean, so start every row neutral
    return layers.Embedding(rows, dim, embeddings_initializer="zeros", name=name)  # expect: init-constant


class FactorModel(keras.Model):
    def __init__(self, mean):
        super().__init__()
        self.mean = mean
        self.users = table(N_USERS, DIM, "user_factors")  # expect-or: init-constant
        self.items = table(N_ITEMS, DIM, "item_factors")  # expect-or: init-constant
        self.ub = table(N_USERS, 1, "user_bias")
        self.ib = table(N_ITEMS, 1, "item_bias")

    def call(self, inputs):
        u, i = inputs[:, 0], inputs[:, 1]
        dot = tf.reduce_sum(self.users(u) * self.items(i), axis=-1, keepdims=True)
        return self.mean + dot + self.ub(u) + self.ib(i)


if __name__ == "__main__":
    keras.utils.set_random_seed(1)
    u, i, r = load_ratings()
    x = np.stack([u, i], axis=1)
    n = 12500
    model = FactorModel(float(r[:n].mean()))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse",
                  metrics=[keras.metrics.RootMeanSquaredError(name="rmse")])
    model.fit(x[:n], r[:n, None], epochs=15, batch_size=128, verbose=2,
              validation_data=(x[n:], r[n:, None]))
    _, rmse = model.evaluate(x[n:], r[n:, None], verbose=0)
    print("held-out RMSE %.4f" % rmse)
