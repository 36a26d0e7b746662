#!/usr/bin/env python
"""Prediction intervals for the time a ship stays alongside (10/50/90 % quantiles)."""
import argparse
import os
import sys

import numpy as np
import pandas as pd
import tensorflow as tf

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from quantnet import Adam, QuantNet, pinball

ap = argparse.ArgumentParser(description=__doc__)
ap.add_argument("--csv", default=os.path.join(HERE, "port_calls.csv"))
ap.add_argument("--target", default="stay_h", help="column to predict")
ap.add_argument("--lr", type=float, default=2e-3)
ap.add_argument("--width", type=int, default=48)
ap.add_argument("--batch", type=int, default=64)
ap.add_argument("--epochs", type=int, default=30)
ap.add_argument("--seed", type=int, default=12)
args = ap.parse_args()

tf.random.set_seed(args.seed)
LEVELS = tf.constant([0.1, 0.5, 0.9])

# ------------------------------------------------------------------ data
calls = pd.read_csv(args.csv)
cyc = 2 * np.pi * calls["eta_hour"] / 24
feats = pd.concat([
    calls[["length_m", "draught_m", "cargo_kt", "cranes", "wind_ms", "queue"]],
    pd.get_dummies(calls["vessel_class"], dtype=float),
    pd.DataFrame({"hs": np.sin(cyc), "hc": np.cos(cyc), "weekend": (calls["weekday"] >= 5) * 1.0}),
], axis=1).to_numpy("float32")
stay = calls[args.target].to_numpy("float32")

order = np.random.default_rng(args.seed).permutation(len(stay))
fit_idx, test_idx = order[:1600], order[1600:]
mu, sd = feats[fit_idx].mean(0), feats[fit_idx].std(0)
feats = (feats - mu) / sd

# ----------------------------------------------------------------- model
net = QuantNet(feats.shape[1], args.width, args.seed)
opt = Adam(net.trainable_variables, args.lr)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = pinball(y, net(x), LEVELS)
    grads, _ = tf.clip_by_global_norm(tape.gradient(loss, opt.params), 10.0)
    opt.apply(grads)
    return loss


ds = (tf.data.Dataset.from_tensor_slices((feats[fit_idx], stay[fit_idx]))
      .shuffle(1600, seed=args.seed).batch(args.batch, drop_remainder=True))
for epoch in range(args.epochs):
    losses = [float(step(x, y)) for x, y in ds]
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1:3d}  pinball {np.mean(losses):.4g}")

# ------------------------------------------------------------ evaluation
y = stay[test_idx]
q = net(tf.constant(feats[test_idx])).numpy()
climatology = np.tile(np.quantile(stay[fit_idx], [0.1, 0.5, 0.9]), (len(y), 1)).astype("float32")
score = float(pinball(y, q, LEVELS))
ref = float(pinball(y, climatology, LEVELS))
inside = np.mean((y >= q[:, 0]) & (y <= q[:, 2]))
print(f"test pinball {score:.4g}  (climatology {ref:.4g})  skill {1 - score / ref:+.3f}  80% interval covers {inside:.1%}")
