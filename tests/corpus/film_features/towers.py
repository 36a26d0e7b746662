import keras
from keras import layers


def taste_model(n_users, n_genre, dim=8, l2=1e-5):
    user = keras.Input((), dtype="int32", name="user")
    genre = keras.Input((n_genre,), name="genre")
    u = layers.Embedding(n_users, dim, embeddings_regularizer=keras.regularizers.L2(l2))(user)
    u_bias = layers.Embedding(n_users, 1)(user)
    v = layers.Dense(dim, name="film_tower")(genre)
    score = layers.Dot(axes=1)([u, v])
    score = layers.Add()([score, u_bias])
    out = layers.Rescaling(1.0, offset=3.0, name="stars")(score)
    return keras.Model([user, genre], out)
