"""Train the podcast club recommender from a run file and list a few suggestions."""
import json
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from club_model import BiasedMF

HERE = Path(__file__).resolve().parent
RUN_FILE = "run_17.json"  # expect-or: lr-too-high


def load_run():
    with open(HERE / RUN_FILE) as fh:
        return json.load(fh)  # expect-or: lr-too-high


def load_ratings(last_train_day):
    table = pd.read_csv(HERE / "ratings.csv")
    table["m"], members = pd.factorize(table["member"])
    table["s"], shows = pd.factorize(table["show"])
    early = table[table["day"] < last_train_day]
    late = table[table["day"] >= last_train_day]
    return early, late, members, shows


def as_arrays(part):
    return part[["m", "s"]].to_numpy("int32"), part["stars"].to_numpy("float32")


def main():
    run = load_run()
    keras.utils.set_random_seed(run["seed"])
    early, late, members, shows = load_ratings(run["holdout_from_day"])
    pairs, stars = as_arrays(early)
    new_pairs, new_stars = as_arrays(late)
    print(f"{len(pairs)} ratings to learn from, {len(new_pairs)} later ones held out")

    model = BiasedMF(len(members), len(shows), run["factors"], run["reg"], float(stars.mean()))
    model.compile(optimizer=keras.optimizers.Adam(run["learning_rate"]))  # expect: lr-too-high
    model.fit(
        pairs, stars,
        batch_size=run["batch_size"],
        epochs=run["epochs"],
        validation_data=(new_pairs, new_stars),
        verbose=2,
    )

    guess = model.predict(new_pairs, batch_size=512, verbose=0)
    rmse = float(np.sqrt(np.mean((guess - new_stars) ** 2)))
    baseline = float(np.sqrt(np.mean((stars.mean() - new_stars) ** 2)))
    print(f"later ratings: RMSE {rmse:.3f}   (always the mean: {baseline:.3f})")

    for m in (3, 40):
        heard = set(early.loc[early["m"] == m, "s"])
        todo = np.array([s for s in range(len(shows)) if s not in heard], "int32")
        score = model.predict(np.stack([np.full_like(todo, m), todo], axis=1), verbose=0)
        best = todo[np.argsort(-score)[:3]]
        print(members[m], "->", ", ".join(shows[b] for b in best))


if __name__ == "__main__":
    main()
