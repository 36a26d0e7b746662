import csv
import os

import numpy as np

BASE = os.path.dirname(os.path.abspath(__file__))
GENRES = ["drama", "comedy", "action", "romance", "horror", "family"]


def read_films(name="films_2.csv"):
    """Return the matrix of genre scores, one row for each film of the catalogue."""
    with open(os.path.join(BASE, name), newline="") as f:
        table = list(csv.DictReader(f))
    genre = np.array([[float(row[g]) for g in GENRES] for row in table], "float32")
    return genre - 0.5


def read_ratings(name="ratings.csv"):
    users, films, stars = [], [], []
    with open(os.path.join(BASE, name), newline="") as f:
        for row in csv.DictReader(f):
            users.append(int(row["user"]))
            films.append(int(row["film"]))
            stars.append(float(row["stars"]))
    return np.array(users, "int32"), np.array(films, "int32"), np.array(stars, "float32")


def split(users, films, stars, holdout=0.2, seed=0):
    """Cold-start split: the held-out films are never rated in the training part."""
    rng = np.random.default_rng(seed)
    n_films = films.max() + 1
    cold = rng.permutation(n_films)[: int(n_films * holdout)]
    mask = np.isin(films, cold)
    pick = lambda m: (users[m], films[m], stars[m])
    return pick(~mask), pick(mask)
