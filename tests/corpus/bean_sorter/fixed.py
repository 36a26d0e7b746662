"""Sorting line: variety (5 kinds) and weight of a bean from 16 shape features."""
from pathlib import Path

import keras
import numpy as np
from keras import layers

RECIPE = dict(
    trunk=[48, 32],
    heads=dict(variety=dict(units=5, activation="softmax"), weight=dict(units=1)),
    losses=dict(variety="sparse_categorical_crossentropy", weight="mse"),
    optimizer={
        "class_name": "AdamW",
        "config": {
            "learning_rate": 0.002,
            "beta_1": 0.9,
            "weight_decay": 0.01,
            "epsilon": 1e-7,
        },
    },
    epochs=25,
    batch_size=50,
)


def load():
    z = np.load(Path(__file__).parent / "beans.npz")
    n = 1200
    grams = (z["grams"] - z["grams"][:n].mean()) / z["grams"][:n].std()
    target = {"variety": z["variety"], "weight": grams.astype("float32")}
    feats = ((z["shape"] - z["shape"][:n].mean(0)) / z["shape"][:n].std(0)).astype("float32")
    part = lambda s: (feats[s], {k: v[s] for k, v in target.items()})
    return part(slice(0, n)), part(slice(n, None))


def assemble(n_feats, recipe):
    h = inp = keras.Input((n_feats,))
    for u in recipe["trunk"]:
        h = layers.Dense(u, activation="relu")(h)
    outs = {k: layers.Dense(name=k, **kw)(h) for k, kw in recipe["heads"].items()}
    model = keras.Model(inp, outs)
    model.compile(
        optimizer=keras.optimizers.deserialize(recipe["optimizer"]),
        loss=recipe["losses"],
        metrics={"variety": ["accuracy"]},
    )
    return model


def main():
    keras.utils.set_random_seed(8)
    (x, t), (xv, tv) = load()
    model = assemble(x.shape[1], RECIPE)
    log = model.fit(x, t, epochs=RECIPE["epochs"], batch_size=RECIPE["batch_size"], verbose=0)
    for e in range(0, RECIPE["epochs"], 6):
        print("epoch", e, {k: round(v[e], 3) for k, v in log.history.items()})
    p = model.predict(xv, verbose=0)
    acc = (p["variety"].argmax(1) == tv["variety"]).mean()
    mse = ((p["weight"].ravel() - tv["weight"]) ** 2).mean()
    print(f"test variety acc {acc:.3f}, weight mse {mse:.3f}")


if __name__ == "__main__":
    main()
