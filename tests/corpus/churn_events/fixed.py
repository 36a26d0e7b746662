"""Churn model from raw shop events.

events.csv     one row per purchase or contact
customers.csv  one row per customer, with the outcome of the quarter
"""
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent


@dataclass
class Settings:
    batch: int = 32
    epochs: int = 30
    lr: float = 2e-3
    hidden: int = 32
    holdout: float = 0.25
    seed: int = 11


CFG = Settings()


def customer_features(events: pd.DataFrame) -> pd.DataFrame:
    """Recency, frequency and money, plus the share of each channel."""
    grouped = events.groupby("customer_id")
    feats = pd.DataFrame(
        {
            "recency": grouped["days_ago"].min(),
            "mean_age": grouped["days_ago"].mean(),
            "n_events": grouped.size(),
            "spend": np.log1p(grouped["amount"].sum()),
            "basket": np.log1p(grouped["amount"].mean()),
            "complaints": grouped["complaint"].mean(),
        }
    )
    share = (
        events.pivot_table(index="customer_id", columns="channel", values="amount", aggfunc="count", fill_value=0)
        .pipe(lambda t: t.div(t.sum(axis=1), axis=0))
        .add_prefix("share_")
    )
    return feats.join(share)


def load():
    events = pd.read_csv(HERE / "events.csv")
    customers = pd.read_csv(HERE / "customers.csv")
    feats = customer_features(events)
    assert len(feats) == len(customers), "every customer has at least one event"
    churned = customers.set_index("customer_id")["churned"].reindex(feats.index).to_numpy("float32")
    return feats, churned


def split(feats, churned, cfg):
    rng = np.random.default_rng(cfg.seed)
    order = rng.permutation(len(feats))
    cut = int(len(order) * cfg.holdout)
    test, train = order[:cut], order[cut:]
    scaler = StandardScaler().fit(feats.iloc[train])
    table = scaler.transform(feats).astype("float32")
    return (table[train], churned[train]), (table[test], churned[test])


def as_dataset(pair, cfg, training):
    ds = tf.data.Dataset.from_tensor_slices(pair)
    if training:
        ds = ds.shuffle(len(pair[0]), seed=cfg.seed)
    return ds.batch(cfg.batch).prefetch(tf.data.AUTOTUNE)


def make_network(width, cfg):
    inp = tf.keras.Input((width,), name="rfm")
    h = tf.keras.layers.Dense(cfg.hidden, activation="relu")(inp)
    h = tf.keras.layers.Dropout(0.2)(h)
    h = tf.keras.layers.Dense(cfg.hidden // 2, activation="relu")(h)
    out = tf.keras.layers.Dense(1, activation="sigmoid", name="churn")(h)
    net = tf.keras.Model(inp, out)
    net.compile(
        optimizer=tf.keras.optimizers.Adam(cfg.lr),
        loss="binary_crossentropy",
        metrics=["accuracy", tf.keras.metrics.AUC(name="auc")],
    )
    return net


def main():
    tf.keras.utils.set_random_seed(CFG.seed)
    feats, churned = load()
    print(f"{len(feats)} customers, {feats.shape[1]} features, churn rate {churned.mean():.2f}")
    train, test = split(feats, churned, CFG)

    net = make_network(feats.shape[1], CFG)
    history = net.fit(
        as_dataset(train, CFG, True),
        validation_data=as_dataset(test, CFG, False),
        epochs=CFG.epochs,
        verbose=0,
    )
    for epoch in range(4, CFG.epochs, 5):
        row = {k: v[epoch] for k, v in history.history.items()}
        print(
            f"epoch {epoch + 1:3d}  loss {row['loss']:.4f}  auc {row['auc']:.3f}"
            f"  val_loss {row['val_loss']:.4f}  val_auc {row['val_auc']:.3f}"
        )
    scores = net.predict(test[0], verbose=0).ravel()
    print("held-out AUC:", round(roc_auc_score(test[1], scores), 3))
    top = np.argsort(-scores)[:40]
    print("churners among the 40 highest scores:", int(test[1][top].sum()))


if __name__ == "__main__":
    main()
