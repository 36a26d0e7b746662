"""Renewal propensity. Prints the figures which go into the monthly model report."""
import argparse
import logging
from pathlib import Path

import keras
import numpy as np
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from data import TARGET, load_tables, to_dataset
from model import build

LOG = logging.getLogger("renewal")


def report(name, y, p):
    LOG.info("%s: AUC %.3f, log loss %.3f, Brier %.3f, mean score %.3f (renewed %.3f)",
             name, roc_auc_score(y, p), log_loss(y, p), brier_score_loss(y, p), p.mean(), y.mean())


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", type=Path, default=Path(__file__).with_name("policies.csv"))
    ap.add_argument("--epochs", type=int, default=30)
    ap.add_argument("--batch", type=int, default=64)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--seed", type=int, default=20)
    args = ap.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s | %(message)s", datefmt="%M:%S")
    keras.utils.set_random_seed(args.seed)

    tables = load_tables(args.data, args.seed)
    LOG.info("%d train, %d val, %d test policies", len(tables.train), len(tables.val), len(tables.test))
    train = to_dataset(tables.train, args.batch, shuffle=True, seed=args.seed).prefetch(2)
    val = to_dataset(tables.val, 512).cache()
    test = to_dataset(tables.test, 512)

    model = build(tables)
    model.compile(
        optimizer=keras.optimizers.AdamW(args.lr, weight_decay=1e-3),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.AUC(from_logits=True, name="auc")],
    )
    history = model.fit(train, validation_data=val, epochs=args.epochs, verbose=0, callbacks=[
        keras.callbacks.ReduceLROnPlateau("val_loss", factor=0.4, patience=2, min_lr=1e-5),
        keras.callbacks.EarlyStopping("val_loss", patience=5, restore_best_weights=True),
    ])
    best = int(np.argmin(history.history["val_loss"]))
    LOG.info("%d epochs, best %d: loss %.3f auc %.3f | val_loss %.3f val_auc %.3f", len(history.epoch), best + 1,
             *(history.history[k][best] for k in ("loss", "auc", "val_loss", "val_auc")))

    score = keras.ops.convert_to_numpy(keras.ops.sigmoid(model.predict(test, verbose=0)))[:, 0]
    report("test", tables.test[TARGET].to_numpy(), score)


if __name__ == "__main__":
    main()
