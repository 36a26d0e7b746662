"""Course exercise 7: matrix factorisation with biases (stars from 1 to 5)."""
import keras
import numpy as np
from keras import layers, ops

seed = 8
keras.utils.set_random_seed(seed)
rng = np.random.default_rng(seed)

N_USERS, N_FILMS, N_RATINGS, TRUE_RANK = 300, 150, 18000, 3

# ---- the world ----
taste = rng.normal(0, 0.6, (N_USERS, TRUE_RANK))
style = rng.normal(0, 0.9, (N_FILMS, TRUE_RANK))
u_bias, f_bias = rng.normal(0, 0.3, N_USERS), rng.normal(0, 0.5, N_FILMS)
cell = rng.choice(N_USERS * N_FILMS, N_RATINGS, replace=False)     # each pair at most once
users, films = cell // N_FILMS, cell % N_FILMS
stars = 3.4 + u_bias[users] + f_bias[films] + (taste[users] * style[films]).sum(1)
stars = np.clip(np.round((stars + rng.normal(0, 0.3, N_RATINGS)) * 2) / 2, 1, 5).astype("float32")

cut1, cut2 = int(0.8 * N_RATINGS), int(0.9 * N_RATINGS)
train, val, test = slice(0, cut1), slice(cut1, cut2), slice(cut2, None)
global_mean = float(stars[train].mean())


class Factors(keras.Model):
    def __init__(self, rank):
        super().__init__()
        small = keras.initializers.RandomNormal(stddev=0.1)
        reg = keras.regularizers.L2(1e-5)
        self.p = layers.Embedding(N_USERS, rank, embeddings_initializer=small, embeddings_regularizer=reg)
        self.q = layers.Embedding(N_FILMS, rank, embeddings_initializer=small, embeddings_regularizer=reg)
        self.bu = layers.Embedding(N_USERS, 1, embeddings_initializer="zeros")
        self.bf = layers.Embedding(N_FILMS, 1, embeddings_initializer="zeros")

    def call(self, inputs):
        u, f = inputs
        dot = ops.sum(self.p(u) * self.q(f), axis=-1, keepdims=True)
        return global_mean + self.bu(u) + self.bf(f) + dot


model = Factors(rank=4)
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss="mse",
              metrics=[keras.metrics.RootMeanSquaredError(name="rmse")])
model.fit([users[train], films[train]], stars[train, None], batch_size=128, epochs=15,
          validation_data=([users[val], films[val]], stars[val, None]),
          callbacks=[keras.callbacks.EarlyStopping("val_rmse", mode="min", patience=3,
                                                   restore_best_weights=True)], verbose=2)

res = model.evaluate([users[test], films[test]], stars[test, None], verbose=0, return_dict=True)
print("RMSE of the mean rating : %.3f" % np.std(stars[test]))
print("RMSE of the factor model: %.3f" % res["rmse"])
