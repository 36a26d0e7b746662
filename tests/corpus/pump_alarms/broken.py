import numpy as np
import keras
from sklearn.metrics import confusion_matrix, precision_score, recall_score


def make_pumps(n, rng, rate=0.01):
    """Eight readings per pump hour; about one hour in a hundred precedes a seal failure."""
    y = (rng.random(n) < rate).astype("float32")
    X = rng.standard_normal((n, 8)).astype("float32")
    X[:, 1] += 2.2 * y
    X[:, 4] -= 1.8 * y
    X[:, 6] += 1.5 * y * rng.random(n)
    return X, y


class PumpBatches(keras.utils.PyDataset):
    """Draws every batch from the two pools, `fault_share` of it from the failures."""

    def __init__(self, X, y, batch=64, steps=150, fault_share=0.5, seed=0, **kw):
        super().__init__(**kw)
        self.X, self.y = X, y
        self.pos, self.neg = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
        self.batch, self.steps = batch, steps
        self.n_pos = int(batch * fault_share)  # expect-or: class-imbalance
        self.rng = np.random.default_rng(seed)

    def __len__(self):
        return self.steps

    def __getitem__(self, i):
        rows = np.concatenate([
            self.rng.choice(self.pos, self.n_pos),
            self.rng.choice(self.neg, self.batch - self.n_pos),
        ])
        self.rng.shuffle(rows)
        return self.X[rows], self.y[rows]


rng = np.random.default_rng(40)
keras.utils.set_random_seed(40)
X, y = make_pumps(12_000, rng)
X_new, y_new = make_pumps(6_000, rng)
print("failure hours in the archive: %d of %d" % (y.sum(), len(y)))

batches = PumpBatches(X, y, fault_share=y.mean())  # expect: class-imbalance

net = keras.Sequential([
    keras.layers.Input((8,)),
    keras.layers.Dense(24, activation="relu"),
    keras.layers.Dense(12, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
net.compile(keras.optimizers.Adam(2e-3), "binary_crossentropy", metrics=["accuracy"])
net.fit(batches, epochs=5, validation_data=(X_new, y_new), verbose=2)

alarm = (net.predict(X_new, verbose=0, batch_size=500)[:, 0] > 0.5).astype(int)
print(confusion_matrix(y_new, alarm, labels=[0, 1]))
print("alarms raised   %d" % alarm.sum())
print("recall          %.3f" % recall_score(y_new, alarm, zero_division=0))
print("precision       %.3f" % precision_score(y_new, alarm, zero_division=0))
