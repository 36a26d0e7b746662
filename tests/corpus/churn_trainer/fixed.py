# Churn model for the subscription team. Tabular MLP, hand-written loop.
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf


@dataclass
class Config:
    n_customers: int = 6000
    hidden: tuple = (32, 16)
    lr: float = 2e-3
    epochs: int = 12
    batch_size: int = 128
    seed: int = 5


def simulate_export(n, rng):
    """Looks like the CRM export: one row per customer."""
    tenure = rng.integers(10, 2000, n).astype("float32")
    last_login = rng.exponential(20.0, n).astype("int32")
    spend = rng.gamma(2.0, 30.0, n).astype("float32")
    tickets = rng.poisson(1.2, n).astype("float32")
    logit = (1.6 * (np.log1p(last_login) - 2.6) + 0.8 * (tickets - 1.2)
             - 0.02 * (spend - 60.0) - 0.001 * (tenure - 1000.0))
    churn = (rng.random(n) < 1.0 / (1.0 + np.exp(-1.5 * logit))).astype("float32")
    # the CRM writes -1 for accounts that have never logged in
    never = rng.random(n) < 0.006
    last_login[never] = -1
    churn[never] = 1.0
    return dict(tenure=tenure, last_login=last_login, spend=spend, tickets=tickets), churn


def featurize(cols):
    recency = np.log1p(np.maximum(cols["last_login"], 0).astype("float32"))
    table = np.stack(
        [
            cols["tenure"],
            recency,
            np.log1p(cols["spend"]),
            cols["tickets"],
        ],
        axis=1,
    )
    # robust scaling, the spend column has a long tail
    q1, med, q3 = np.percentile(table, [25, 50, 75], axis=0)
    return ((table - med) / (q3 - q1)).astype("float32")


class Trainer:
    def __init__(self, cfg):
        self.cfg = cfg
        self.model = keras.Sequential(
            [keras.layers.Dense(h, activation="relu") for h in cfg.hidden]
            + [keras.layers.Dense(1)]
        )
        self.opt = keras.optimizers.Adam(cfg.lr)
        self.bce = keras.losses.BinaryCrossentropy(from_logits=True)

    @tf.function
    def _step(self, x, y):
        with tf.GradientTape() as tape:
            logits = self.model(x, training=True)
            loss = self.bce(y[:, None], logits)
        grads = tape.gradient(loss, self.model.trainable_variables)
        self.opt.apply_gradients(zip(grads, self.model.trainable_variables))
        return loss

    def fit(self, x, y, x_val, y_val):
        ds = (tf.data.Dataset.from_tensor_slices((x, y))
              .shuffle(len(x), seed=self.cfg.seed)
              .batch(self.cfg.batch_size))
        self.model.build((None, x.shape[1]))
        self.opt.build(self.model.trainable_variables)
        for epoch in range(1, self.cfg.epochs + 1):
            losses = [float(self._step(xb, yb)) for xb, yb in ds]
            if epoch % 2 == 0:
                print(f"epoch {epoch:2d}  loss {np.mean(losses):.4f}  "
                      f"val_acc {self.accuracy(x_val, y_val):.3f}")

    def accuracy(self, x, y):
        logits = self.model(x, training=False).numpy()[:, 0]
        return float(np.mean((logits > 0) == (y > 0.5)))


if __name__ == "__main__":
    cfg = Config()
    keras.utils.set_random_seed(cfg.seed)
    cols, churn = simulate_export(cfg.n_customers, np.random.default_rng(cfg.seed))
    x = featurize(cols)
    cut = int(0.8 * len(x))
    trainer = Trainer(cfg)
    trainer.fit(x[:cut], churn[:cut], x[cut:], churn[cut:])
    print("base rate", round(float(churn.mean()), 3))
    print("final val accuracy", round(trainer.accuracy(x[cut:], churn[cut:]), 3))
