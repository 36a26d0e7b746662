"""Matrix factorisation for star ratings, migrated from tf.keras 2.x to keras 3"""
import numpy as np
import tensorflow as tf
import keras
from keras import layers

N_USERS, N_FILMS, K = 120, 80, 6
keras.utils.set_random_seed(12)
rng = np.random.default_rng(12)

taste = rng.normal(size=(N_USERS, 3))
genre = rng.normal(size=(N_FILMS, 3))
u = rng.integers(0, N_USERS, 7000)
f = rng.integers(0, N_FILMS, 7000)
stars = 3.0 + 0.7 * (taste[u] * genre[f]).sum(1) + rng.normal(0, 0.2, 7000)
stars = stars.astype("float32")
pairs = np.stack([u, f], axis=1).astype("int32")
tr_p, tr_s, va_p, va_s = pairs[:6000], stars[:6000], pairs[6000:], stars[6000:]


class Factors(layers.Layer):
    """dot product of a user vector with a film vector"""

    def __init__(self, n_users, n_films, k, **kwargs):
        super().__init__(**kwargs)
        self.P = tf.Variable(tf.random.normal([n_users, k], stddev=0.1), trainable=True)  # expect-or: gradient-disconnected
        self.Q = tf.Variable(tf.random.normal([n_films, k], stddev=0.1), trainable=True)  # expect: gradient-disconnected

    def call(self, pair):
        p = tf.gather(self.P, pair[:, 0])
        q = tf.gather(self.Q, pair[:, 1])
        return tf.reduce_sum(p * q, axis=1, keepdims=True)


class Recommender(keras.Model):
    def __init__(self):
        super().__init__()
        self.factors = Factors(N_USERS, N_FILMS, K)
        self.user_bias = layers.Embedding(N_USERS, 1)
        self.film_bias = layers.Embedding(N_FILMS, 1)
        self.scale = layers.Dense(1)

    def call(self, pair):
        b = self.user_bias(pair[:, 0]) + self.film_bias(pair[:, 1])
        return self.scale(self.factors(pair)) + b


rec = Recommender()
rec.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse", metrics=["mae"])
rec.fit(tr_p, tr_s, batch_size=64, epochs=12, validation_data=(va_p, va_s), verbose=2)

guess = rec.predict(va_p, verbose=0).ravel()
print("val rmse %.3f" % np.sqrt(np.mean((guess - va_s) ** 2)), " std of the ratings %.3f" % va_s.std())
print("correlation %.3f" % np.corrcoef(guess, va_s)[0, 1])
