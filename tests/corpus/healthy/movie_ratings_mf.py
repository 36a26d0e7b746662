import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras.layers import Input, Embedding, Dot, Add, Flatten
from tensorflow.keras.models import Model
from tensorflow.keras.regularizers import l2

SEED = 8
tf.keras.utils.set_random_seed(SEED)

# small MovieLens-like log of ratings
rng = np.random.default_rng(0)
n_users, n_movies, n_ratings, rank = 250, 150, 14000, 3
U, V = rng.normal(0, .75, (n_users, rank)), rng.normal(0, .75, (n_movies, rank))
bu, bv = rng.normal(0, .35, n_users), rng.normal(0, .45, n_movies)
pairs = rng.choice(n_users * n_movies, n_ratings, replace=False)
u, m = pairs // n_movies, pairs % n_movies
score = 3.4 + bu[u] + bv[m] + (U[u] * V[m]).sum(1) + rng.normal(0, .4, n_ratings)
ratings = pd.DataFrame({"user": u, "movie": m, "rating": np.clip(np.round(score * 2) / 2, .5, 5)})

ratings = ratings.sample(frac=1, random_state=1).reset_index(drop=True)
a, b = int(.8 * n_ratings), int(.9 * n_ratings)
train, valid, test = ratings[:a], ratings[a:b], ratings[b:]
mean = train.rating.mean()

user_in, movie_in = Input((1,), name="user"), Input((1,), name="movie")
reg = l2(3e-5)
p = Embedding(n_users, rank, embeddings_initializer="glorot_uniform", embeddings_regularizer=reg)(user_in)
q = Embedding(n_movies, rank, embeddings_initializer="glorot_uniform", embeddings_regularizer=reg)(movie_in)
b_user = Embedding(n_users, 1, embeddings_initializer="zeros")(user_in)
b_movie = Embedding(n_movies, 1, embeddings_initializer="zeros")(movie_in)
out = Add()([Flatten()(Dot(axes=2)([p, q])), Flatten()(b_user), Flatten()(b_movie)])
model = Model([user_in, movie_in], out)
model.compile(loss="mse", optimizer=tf.keras.optimizers.Adam(5e-3),
              metrics=[tf.keras.metrics.RootMeanSquaredError(name="rmse")])


def xy(d):
    return [d.user.to_numpy()[:, None], d.movie.to_numpy()[:, None]], (d.rating - mean).to_numpy()[:, None]


model.fit(*xy(train), validation_data=xy(valid), epochs=30, batch_size=128, verbose=2,
          callbacks=[tf.keras.callbacks.EarlyStopping("val_rmse", mode="min", patience=3, restore_best_weights=True)])

_, rmse = model.evaluate(*xy(test), verbose=0)
by_movie = train.groupby("movie").rating.mean()
base = np.sqrt(np.mean((test.rating - test.movie.map(by_movie).fillna(mean)) ** 2))
print("RMSE global mean   %.3f" % np.sqrt(np.mean((test.rating - mean) ** 2)))
print("RMSE movie mean    %.3f" % base)
print("RMSE factorisation %.3f" % rmse)
