"""Landslide susceptibility on a terrain grid - tries several network widths and keeps the best.

Settings live in settings_2.yaml next to this file.
"""
from pathlib import Path

import numpy as np
import yaml
import keras

ROOT = Path(__file__).resolve().parent


def load_settings(path):
    with open(path, encoding="utf8") as fh:
        return yaml.safe_load(fh)


def terrain_cells(n, seed):
    """Random grid cells: easting, northing, slope angle, aspect index, soil wetness."""
    rng = np.random.default_rng(seed)
    east = rng.uniform(-1, 1, n)
    north = rng.uniform(-1, 1, n)
    slope = rng.uniform(5, 45, n)
    aspect = rng.uniform(-1, 1, n)
    wet = rng.uniform(0, 1, n)
    # crater rim in the middle of the map, and wet south- or dry north-facing slopes
    rim = np.exp(-((np.hypot(east, north) - 0.55) / 0.25) ** 2)
    facing = aspect * (wet - 0.5) * 4
    drive = 5.0 * rim + 3.0 * facing - 0.002 * (slope - 25) ** 2 + rng.normal(0, 0.25, n)
    table = np.column_stack([east, north, slope, aspect, wet]).astype("float32")
    return table, (drive > 2.2).astype("float32")


def zscore(train, *others):
    mu, sd = train.mean(0), train.std(0)
    return [(t - mu) / sd for t in (train, *others)]


def build(width, conf):
    net = keras.Sequential([keras.Input((5,))])
    for _ in range(conf.get("hidden_layers", 2)):
        net.add(
            keras.layers.Dense(
                width,
                activation=conf.get("activation"),
                kernel_initializer=conf.get("initializer", "glorot_uniform"),
            )
        )
    net.add(keras.layers.Dense(1, activation="sigmoid"))
    net.compile(
        optimizer=keras.optimizers.Adam(conf["learning_rate"]),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    return net


def main():
    conf = load_settings(ROOT / "settings_2.yaml")
    keras.utils.set_random_seed(conf["seed"])

    x_tr, y_tr = terrain_cells(conf["cells"]["train"], seed=1)
    x_va, y_va = terrain_cells(conf["cells"]["valid"], seed=2)
    x_tr, x_va = zscore(x_tr, x_va)
    print(f"{len(x_tr)} training cells, {y_tr.mean():.1%} unstable")

    results = {}
    for width in conf["widths"]:
        net = build(width, conf["network"])
        hist = net.fit(
            x_tr, y_tr,
            validation_data=(x_va, y_va),
            epochs=conf["epochs"],
            batch_size=conf["batch_size"],
            verbose=0,
        )
        h = hist.history
        results[width] = h["val_accuracy"][-1]
        print(
            f"width {width:3d}: params {net.count_params():5d}  "
            f"loss {h['loss'][0]:.3f} -> {h['loss'][-1]:.3f}  acc {h['accuracy'][-1]:.3f}  "
            f"val_acc {h['val_accuracy'][-1]:.3f}"
        )

    best = max(results, key=results.get)
    print("best width:", best, "accuracy", round(results[best], 3))


if __name__ == "__main__":
    main()
