"""Star ratings for films nobody has rated yet (content based, one taste vector per user)."""
import keras
import numpy as np

from catalog import GENRES, read_films, read_ratings, split
from towers import taste_model

EPOCHS = 16
BATCH = 64


def assemble(part, genre):
    users, films, stars = part
    return {"user": users, "genre": genre[films]}, stars[:, None]  # expect: label-mismatch


def main():
    keras.utils.set_random_seed(21)
    genre = read_films()
    users, films, stars = read_ratings()
    n_users = int(users.max()) + 1
    print("ratings", len(stars), "users", n_users, "films", len(genre))

    train, cold = split(users, films, stars)
    x_tr, y_tr = assemble(train, genre)
    x_va, y_va = assemble(cold, genre)

    per_user = np.array([y_tr[x_tr["user"] == u].mean() for u in range(n_users)])
    base = np.sqrt(np.mean((per_user[x_va["user"]] - y_va[:, 0]) ** 2))
    print(f"rmse of the user's mean on new films: {base:.3f}")

    model = taste_model(n_users, len(GENRES))
    model.compile(optimizer=keras.optimizers.Adam(5e-3),
                  loss="mse",
                  metrics=[keras.metrics.RootMeanSquaredError(name="rmse")])
    model.fit(x_tr, y_tr, batch_size=BATCH, epochs=EPOCHS, verbose=2,
              validation_data=(x_va, y_va))


if __name__ == "__main__":
    main()
