#!/usr/bin/env python
"""Tumour subtype from an expression panel (simulated cohort).

usage: panel.py [--genes 1500] [--patients 160] [--epochs 50] ...
"""
import argparse
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, regularizers


def simulate_cohort(n_patients, n_genes, n_markers, seed):
    g = np.random.default_rng(seed)
    subtype = g.integers(0, 2, n_patients)
    expr = g.normal(size=(n_patients, n_genes))
    # batch-like correlation between neighbouring genes
    expr[:, 1:] = 0.8 * expr[:, 1:] + 0.6 * expr[:, :-1]
    markers = g.choice(n_genes, n_markers, replace=False)
    expr[:, markers] += np.where(subtype[:, None] == 1, 1.1, -1.1)
    return expr.astype(np.float32), subtype.astype(np.float32), markers


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--genes", type=int, default=1500)
    ap.add_argument("--patients", type=int, default=160)
    ap.add_argument("--markers", type=int, default=6)
    ap.add_argument("--holdout", type=int, default=80)
    ap.add_argument("--epochs", type=int, default=50)
    ap.add_argument("--l1", type=float, default=2e-2)
    ap.add_argument("--seed", type=int, default=2)
    args = ap.parse_args()

    tf.keras.utils.set_random_seed(args.seed)
    expr, subtype, markers = simulate_cohort(args.patients, args.genes, args.markers, args.seed)
    k = args.holdout
    tr, va = slice(k, None), slice(0, k)
    mu, sd = expr[tr].mean(0), expr[tr].std(0)
    expr = (expr - mu) / sd

    net = tf.keras.Sequential([
        layers.Input((args.genes,)),
        layers.Dense(16, activation="relu", kernel_regularizer=regularizers.l1(args.l1)),
        layers.Dense(1, activation="sigmoid"),
    ])
    net.compile(tf.keras.optimizers.Adam(2e-3), loss="binary_crossentropy",
                metrics=["accuracy", tf.keras.metrics.AUC(name="auc")])
    h = net.fit(expr[tr], subtype[tr], batch_size=16, epochs=args.epochs,
                validation_data=(expr[va], subtype[va]), verbose=0).history

    print(" epoch   loss    acc   auc |  val_loss  val_acc  val_auc")
    for e in list(range(0, args.epochs, 10)) + [args.epochs - 1]:
        print(f"{e + 1:6d} {h['loss'][e]:7.3f} {h['accuracy'][e]:6.3f} {h['auc'][e]:5.2f} |"
              f"  {h['val_loss'][e]:8.3f} {h['val_accuracy'][e]:8.3f} {h['val_auc'][e]:8.2f}")

    strength = np.abs(net.layers[0].kernel.numpy()).sum(1)
    top = np.argsort(strength)[::-1][:args.markers]
    print("top genes:", sorted(top.tolist()), " true markers:", sorted(markers.tolist()))


if __name__ == "__main__":
    main()
