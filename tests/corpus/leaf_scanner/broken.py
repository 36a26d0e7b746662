# Leaf species from scanned descriptors, config taken over from an image model
from dataclasses import dataclass
import numpy as np
import keras
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split


@dataclass
class OptimConfig:
    rate: float = 1e-3
    eps: float = 1.0  # expect: lr-too-low


def data(seed=4):
    X, y = make_classification(2400, 30, n_informative=14, n_classes=6, n_clusters_per_class=1, class_sep=1.6, random_state=seed)
    X = (X - X.mean(0)) / X.std(0)
    return train_test_split(X.astype("float32"), y, test_size=0.25, random_state=seed, stratify=y)


def main(cfg=OptimConfig()):
    keras.utils.set_random_seed(4)
    xtr, xte, ytr, yte = data()
    inp = keras.Input((30,))
    h = keras.layers.Dense(64, activation="relu")(inp)
    h = keras.layers.Dense(64, activation="relu")(h)
    model = keras.Model(inp, keras.layers.Dense(6)(h))
    model.compile(
        optimizer=keras.optimizers.Adam(cfg.rate, epsilon=cfg.eps),  # expect-or: lr-too-low
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(xtr, ytr, batch_size=64, epochs=15, validation_data=(xte, yte), verbose=2)
    print("test accuracy", model.evaluate(xte, yte, verbose=0)[1])


if __name__ == "__main__":
    main()
