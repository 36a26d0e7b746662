"""Two heads: does the customer leave, and how much does she spend (log). Survey weights per row."""
import numpy as np
import pandas as pd
import keras
from keras import layers

keras.utils.set_random_seed(31)


def customers(n, seed):
    r = np.random.default_rng(seed)
    d = pd.DataFrame({
        "tenure": r.gamma(2, 14, n),
        "visits": r.poisson(6, n),
        "complaints": r.poisson(0.7, n),
        "age": r.integers(18, 85, n),
        "plan": r.choice(["basic", "plus", "gold"], n, p=[0.5, 0.35, 0.15]),
    })
    base = d.plan.map({"basic": 0.0, "plus": 0.5, "gold": 1.1}).to_numpy()
    z = -0.9 + 1.3 * d.complaints - 0.05 * d.tenure - 0.1 * (d.visits - 6) + 0.02 * np.abs(d.age - 45)
    d["left"] = (r.random(n) < 1 / (1 + np.exp(-2 * z))).astype("float32")
    d["spend"] = np.exp(3 + base + 0.08 * d.visits + 0.006 * d.tenure + r.normal(0, 0.25, n))
    d["weight"] = np.where(d.age < 35, 1.6, 0.8)
    return d


train, valid = customers(3000, 1), customers(800, 2)
numeric = ["tenure", "visits", "complaints", "age"]
mu, sd = train[numeric].mean(), train[numeric].std()
ls_mu, ls_sd = np.log(train.spend).mean(), np.log(train.spend).std()


def prepare(d):
    num = ((d[numeric] - mu) / sd).to_numpy("float32")
    hot = np.stack([(d.plan == p).to_numpy("float32") for p in ("basic", "plus", "gold")], 1)
    x = np.hstack([num, hot])
    y = {"left": d.left.to_numpy("float32")[:, None],
         "spend": ((np.log(d.spend) - ls_mu) / ls_sd).to_numpy("float32")[:, None]}
    w = d.weight.to_numpy("float32")
    return x, y, {"left": w, "spend": w}


class AverageWeights(keras.callbacks.Callback):
    """Exponential average of the weights: validation and the final model use the average."""

    def __init__(self, decay=0.97):
        super().__init__()
        self.decay, self.avg, self.kept = decay, None, None

    def on_train_batch_end(self, batch, logs=None):
        now = self.model.get_weights()
        if self.avg is None:
            self.avg = now
        else:
            self.avg = [self.decay * a + (1 - self.decay) * n for a, n in zip(self.avg, now)]

    def on_test_begin(self, logs=None):
        if self.avg is not None:
            self.kept = self.model.get_weights()
            self.model.set_weights(self.avg)

    def on_test_end(self, logs=None):
        if self.kept is not None:
            self.model.set_weights(self.kept)
            self.kept = None

    def on_train_end(self, logs=None):
        self.model.set_weights(self.avg)
        self.avg = None


inp = keras.Input((7,))
h = layers.Dense(48, activation="silu")(inp)
h = layers.Dense(32, activation="silu")(h)
left = layers.Dense(1, activation="sigmoid", name="left")(h)
spend = layers.Dense(1, name="spend")(layers.Dense(16, activation="silu")(h))
net = keras.Model(inp, {"left": left, "spend": spend})
net.compile(optimizer=keras.optimizers.Adam(3e-3),
            loss={"left": "binary_crossentropy", "spend": "mse"},
            loss_weights={"left": 1.0, "spend": 0.5},
            weighted_metrics={"left": [keras.metrics.AUC(name="auc")], "spend": ["mae"]})

x, y, w = prepare(train)
xv, yv, wv = prepare(valid)
net.fit(x, y, sample_weight=w, batch_size=64, epochs=10, validation_data=(xv, yv, wv),
        callbacks=[AverageWeights()], verbose=2)

p = net.predict(xv, verbose=0)
guess = (p["left"] > 0.5).astype(int).ravel()
table = pd.crosstab(valid.left.astype(int), pd.Series(guess, name="predicted"))
print(table)
r2 = 1 - ((p["spend"] - yv["spend"]) ** 2).sum() / ((yv["spend"] - yv["spend"].mean()) ** 2).sum()
print(f"share leaving {valid.left.mean():.3f}   accuracy {np.mean(guess == valid.left):.3f}   R2 of log spend {r2:.3f}")
euros = np.exp(p["spend"].ravel() * ls_sd + ls_mu)
print(f"median relative error of spend: {np.median(np.abs(euros - valid.spend) / valid.spend):.1%}")
