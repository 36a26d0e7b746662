"""Who likes which board game?  Biased matrix factorisation as a Keras layer.

Follows Koren et al. (2009), eq. 4:   r = mu + b_u + b_i + q_i . p_u
"""
import pathlib

import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(1909)

table = pd.read_csv(pathlib.Path(__file__).with_name("scores.csv"))
n_players, n_games = int(table.player.max()) + 1, int(table.game.max()) + 1
split = int(len(table) * 0.8)
train, held = table.iloc[:split], table.iloc[split:]
mu = float(train.score.mean())


class Affinity(keras.layers.Layer):
    """p_u . q_i"""

    def __init__(self, n_left, n_right, rank, **kwargs):
        super().__init__(**kwargs)
        scale = rank ** -0.5
        self.p = tf.Variable(tf.random.normal([n_left, rank], stddev=scale), trainable=True)  # expect: gradient-disconnected  # expect-or: update-missing
        self.q = tf.Variable(tf.random.normal([n_right, rank], stddev=scale), trainable=True)  # expect-or: gradient-disconnected  # expect-or: update-missing

    def call(self, pairs):
        left = tf.gather(self.p, pairs[:, 0])
        right = tf.gather(self.q, pairs[:, 1])
        return tf.reduce_sum(left * right, axis=1, keepdims=True)


class Recommender(keras.Model):
    def __init__(self, rank=4):
        super().__init__()
        self.player_bias = keras.layers.Embedding(n_players, 1, embeddings_initializer="zeros")
        self.game_bias = keras.layers.Embedding(n_games, 1, embeddings_initializer="zeros")
        self.affinity = Affinity(n_players, n_games, rank)  # expect-or: gradient-disconnected  # expect-or: update-missing

    def call(self, pairs):
        return (mu + self.player_bias(pairs[:, 0]) + self.game_bias(pairs[:, 1])
                + self.affinity(pairs))


def arrays(frame):
    return frame[["player", "game"]].to_numpy("int32"), frame[["score"]].to_numpy("float32")


x, y = arrays(train)
xh, yh = arrays(held)
rec = Recommender()
rec.compile(optimizer=keras.optimizers.Adam(5e-3), loss="mse",
            metrics=[keras.metrics.RootMeanSquaredError(name="rmse")])
stop = keras.callbacks.EarlyStopping("val_rmse", mode="min", patience=3, restore_best_weights=True)
past = rec.fit(x, y, batch_size=64, epochs=25, validation_data=(xh, yh), callbacks=[stop], verbose=0)
for n, (a, b) in enumerate(zip(past.history["rmse"], past.history["val_rmse"]), start=1):
    if n % 4 == 1:
        print(f"pass {n:2d}: rmse {a:.3f}, held-out {b:.3f}")

out = rec.predict(xh, verbose=0)
print("spread of held-out scores  %.3f" % yh.std())
print("held-out RMSE              %.3f" % np.sqrt(np.mean((out - yh) ** 2)))
