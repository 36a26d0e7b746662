"""Score card transactions. Rare positives, hence the ranking metric in the log."""
from dataclasses import dataclass, field

import keras
import numpy as np
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


@dataclass(frozen=True)
class Settings:
    hidden: tuple = (48, 24)
    rate: float = 2e-3
    batch: int = 96
    epochs: int = 12
    seed: int = 0


@dataclass
class Split:
    x: np.ndarray = field(repr=False)
    y: np.ndarray = field(repr=False)


class Transactions(keras.utils.PyDataset):
    def __init__(self, split, batch, rng=None):
        super().__init__()
        self.split, self.batch, self.rng = split, batch, rng
        self.order = np.arange(len(split.x))
        self.on_epoch_end()

    def on_epoch_end(self):
        if self.rng is not None:
            self.rng.shuffle(self.order)

    def __len__(self):
        return -(-len(self.order) // self.batch)

    def __getitem__(self, k):
        rows = self.order[k * self.batch:(k + 1) * self.batch]
        return self.split.x[rows], self.split.y[rows]


def load():
    x, y = make_classification(
        n_samples=24000, n_features=16, n_informative=8, n_redundant=4, n_clusters_per_class=3,
        weights=[0.95], class_sep=1.1, flip_y=0.0, random_state=12)
    y = y.astype("float32")[:, None]
    x_fit, x_rest, y_fit, y_rest = train_test_split(x, y, test_size=0.4, stratify=y, random_state=1)
    x_val, x_test, y_val, y_test = train_test_split(
        x_rest, y_rest, test_size=0.5, stratify=y_rest, random_state=1)
    scaler = StandardScaler().fit(x_fit)
    return [Split(scaler.transform(a).astype("float32"), b)
            for a, b in ((x_fit, y_fit), (x_val, y_val), (x_test, y_test))]


def build(settings, width):
    stack = [keras.Input((width,))]
    stack += [keras.layers.Dense(u, activation="relu") for u in settings.hidden]
    stack += [keras.layers.Dense(1)]
    model = keras.Sequential(stack)
    model.compile(
        optimizer=keras.optimizers.Adam(settings.rate),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.AUC(num_thresholds=400, name="auc", from_logits=True)],
    )
    return model


def run(settings):
    keras.utils.set_random_seed(6)
    fit, val, test = load()
    model = build(settings, fit.x.shape[1])
    feed = Transactions(fit, settings.batch, np.random.default_rng(settings.seed))
    model.fit(feed, epochs=settings.epochs, verbose=2,
              validation_data=Transactions(val, 512))
    print("test", model.evaluate(Transactions(test, 512), verbose=0, return_dict=True))


if __name__ == "__main__":
    run(Settings())
