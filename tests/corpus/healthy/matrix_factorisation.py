# Film ratings: dot product of user and film vectors plus biases.
import numpy as np
import pandas as pd
import tensorflow as tf

tf.keras.utils.set_random_seed(77)
rng = np.random.default_rng(77)

n_users, n_films, n_ratings, taste = 250, 120, 12000, 3
u_true = rng.normal(size=(n_users, taste)) * 0.6
f_true = rng.normal(size=(n_films, taste)) * 0.7
u_bias, f_bias = rng.normal(size=n_users) * 0.3, rng.normal(size=n_films) * 0.4
ratings = pd.DataFrame({"user": rng.integers(n_users, size=n_ratings),
                        "film": rng.integers(n_films, size=n_ratings)}).drop_duplicates()
u, f = ratings.user.to_numpy(), ratings.film.to_numpy()
stars = 3.4 + u_bias[u] + f_bias[f] + (u_true[u] * f_true[f]).sum(1) + 0.3 * rng.normal(size=len(u))
ratings["stars"] = np.clip(np.round(stars * 2) / 2, 0.5, 5.0)

ratings = ratings.sample(frac=1.0, random_state=1)
cut = int(0.85 * len(ratings))
train, test = ratings[:cut], ratings[cut:]


class MF(tf.keras.Model):
    def __init__(self, users, films, dim, mean):
        super().__init__()
        small = tf.keras.initializers.RandomNormal(stddev=0.05)
        l2 = tf.keras.regularizers.L2(1e-4)
        self.user = tf.keras.layers.Embedding(users, dim, embeddings_initializer=small, embeddings_regularizer=l2)
        self.film = tf.keras.layers.Embedding(films, dim, embeddings_initializer=small, embeddings_regularizer=l2)
        self.user_bias = tf.keras.layers.Embedding(users, 1, embeddings_initializer="zeros")
        self.film_bias = tf.keras.layers.Embedding(films, 1, embeddings_initializer="zeros")
        self.mean = mean

    def call(self, pairs):
        who, what = pairs[:, 0], pairs[:, 1]
        dot = tf.reduce_sum(self.user(who) * self.film(what), axis=1, keepdims=True)
        return self.mean + dot + self.user_bias(who) + self.film_bias(what)


def pairs(frame):
    return frame[["user", "film"]].to_numpy("int32"), frame[["stars"]].to_numpy("float32")


model = MF(n_users, n_films, 4, float(train.stars.mean()))
model.compile(optimizer=tf.keras.optimizers.Adam(0.01), loss="mse",
              metrics=[tf.keras.metrics.RootMeanSquaredError(name="rmse")])
model.fit(*pairs(train), validation_data=pairs(test), epochs=12, batch_size=128, verbose=2)

x, y = pairs(test)
rmse = np.sqrt(np.mean((model.predict(x, verbose=0) - y) ** 2))
print("test rmse %.3f, everything average %.3f" % (rmse, np.sqrt(np.mean((float(train.stars.mean()) - y) ** 2))))
