# Matrix factorisation for the book club. Ratings 1..5, hold out the last tenth.
import os
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import numpy as np
import pandas as pd
import keras
from keras import layers, regularizers

keras.utils.set_random_seed(2024)
g = np.random.default_rng(2024)

n_users, n_books, n_ratings = 200, 120, 12000
taste = g.normal(0, 0.7, (n_users, 3))
style = g.normal(0, 0.7, (n_books, 3))
mood = g.normal(0, 0.3, n_users)
quality = g.normal(0, 0.5, n_books)
df = pd.DataFrame({"user": g.integers(0, n_users, n_ratings),
                   "book": g.integers(0, n_books, n_ratings)}).drop_duplicates(ignore_index=True)
raw = (3.4 + mood[df.user] + quality[df.book] + (taste[df.user] * style[df.book]).sum(1)
       + g.normal(0, 0.3, len(df)))
df["stars"] = raw.clip(1, 5).round().astype("float32")
df = df.sample(frac=1, random_state=0).reset_index(drop=True)
cut = int(0.9 * len(df))
train, test = df[:cut], df[cut:]
mean = float(train.stars.mean())
print(df.describe().round(2))

u_in, b_in = keras.Input((), dtype="int32", name="user"), keras.Input((), dtype="int32", name="book")
small = keras.initializers.RandomNormal(stddev=0.05)
reg = regularizers.L2(5e-5)
u_vec = layers.Embedding(n_users, 6, embeddings_initializer=small, embeddings_regularizer=reg)(u_in)
b_vec = layers.Embedding(n_books, 6, embeddings_initializer=small, embeddings_regularizer=reg)(b_in)
u_off = layers.Embedding(n_users, 1, embeddings_initializer="zeros")(u_in)
b_off = layers.Embedding(n_books, 1, embeddings_initializer="zeros")(b_in)
dot = layers.Dot(axes=1)([u_vec, b_vec])
stars = layers.Add()([dot, u_off, b_off])
stars = layers.Reshape(())(stars)
mf = keras.Model([u_in, b_in], stars)
mf.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")


def rmse(frame):
    p = mf.predict([frame.user.to_numpy("int32"), frame.book.to_numpy("int32")],
                   batch_size=2048, verbose=0) + mean
    return float(np.sqrt(np.mean((p.ravel() - frame.stars.to_numpy()) ** 2)))


users, books = train.user.to_numpy("int32"), train.book.to_numpy("int32")
y = train.stars.to_numpy() - mean
baseline = float(np.sqrt(np.mean((test.stars - mean) ** 2)))
print(f"global mean {mean:.3f}, baseline rmse {baseline:.3f}")

for epoch in range(10):
    order = g.permutation(len(train))
    running, seen = 0.0, 0
    for s in range(0, len(order), 256):
        pick = order[s:s + 256]
        l = mf.train_on_batch([users[pick], books[pick]], y[pick])
        mf.reset_metrics()
        running += float(l) * len(pick)
        seen += len(pick)
    print(f"epoch {epoch + 1:2d}: train loss {running / seen:.4f}  test rmse {rmse(test):.4f}")

top = test[test.user == test.user.iloc[0]].copy()
top["guess"] = mf.predict([top.user.to_numpy("int32"), top.book.to_numpy("int32")], verbose=0).ravel() + mean
print(top.round(2).to_string(index=False))
print("improvement over the mean: %.1f%%" % (100 * (1 - rmse(test) / baseline)))
