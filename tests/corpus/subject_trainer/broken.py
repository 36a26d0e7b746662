"""Gait study, patient against control from 12 gait parameters per walk.

Subjects are split, not walks. Scores are given by subject as well, since the
clinicians ask for those.
"""
import argparse
import logging
import pathlib

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

from trainer import History, by_subject, iterate

log = logging.getLogger("gait")


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument("--npz", default=str(pathlib.Path(__file__).with_name("gait.npz")))
    p.add_argument("--epochs", type=int, default=12)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--val-subjects", type=int, default=12)
    p.add_argument("--seed", type=int, default=8)
    return p.parse_args()


def read(args):
    z = np.load(args.npz)
    x, y, s = z["features"], z["diagnosis"].astype("float32")[:, None], z["subject"]
    rng = np.random.default_rng(args.seed)
    held_out = []
    for d in (0, 1):
        members = np.unique(s[y[:, 0] == d])
        held_out += list(rng.permutation(members)[: args.val_subjects // 2])
    va = np.isin(s, held_out)
    mu, sd = x[~va].mean(0), x[~va].std(0)
    x = ((x - mu) / sd).astype("float32")
    return (x[~va], y[~va]), (x[va], y[va], s[va])


def make_net(n_in):
    return tf.keras.Sequential([
        tf.keras.Input((n_in,)),
        layers.Dense(24, use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.Activation("relu"),
        layers.Dense(12, use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.Activation("relu"),
        layers.Dense(1),
    ])


class Trainer:
    def __init__(self, net, optimizer, seed=0):
        self.net = net
        self.optimizer = optimizer
        self.criterion = tf.keras.losses.BinaryCrossentropy(from_logits=True)
        self.history = History()
        self.rng = np.random.default_rng(seed)
        self._fit_batch = tf.function(self._fit_batch_py, reduce_retracing=True)

    def _fit_batch_py(self, x, y):
        with tf.GradientTape() as tape:
            z = self.net(x, training=True)
            loss = self.criterion(y, z)
        grads = tape.gradient(loss, self.net.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.net.trainable_variables))
        return loss, tf.reduce_mean(tf.cast((z > 0) == (y > 0.5), tf.float32))

    def score(self, x, y, subject):
        """Loss and accuracy over all walks, and the mean score of each subject."""
        losses, hits, per_subject = [], [], {}
        for s, xs, ys in by_subject(x, y, subject):
            z = self.net(xs, training=True)  # expect: train-mode
            losses += [float(self.criterion(ys, z))] * len(xs)
            hits += list(((z.numpy() > 0) == (ys.numpy() > 0.5)).ravel())
            per_subject[int(s)] = (float(tf.reduce_mean(z)), int(ys[0, 0]))
        return np.mean(losses), np.mean(hits), per_subject

    def run(self, train, val, epochs, batch):
        for epoch in range(1, epochs + 1):
            tl, ta = np.mean(
                [[float(v) for v in self._fit_batch(x, y)] for x, y in iterate(*train, batch, self.rng)], axis=0
            )
            vl, va, _ = self.score(*val)
            self.history.push(loss=tl, acc=ta, val_loss=vl, val_acc=va)
            log.info("epoch %2d  loss %.3f  acc %.3f  val_loss %.3f  val_acc %.3f", epoch, tl, ta, vl, va)
        return self.history


def main():
    logging.basicConfig(level=logging.INFO, format="%(name)s  %(message)s")
    args = get_args()
    tf.keras.utils.set_random_seed(args.seed)
    train, val = read(args)
    log.info("walks: %d for training, %d for validation", len(train[0]), len(val[0]))

    trainer = Trainer(make_net(train[0].shape[1]), tf.keras.optimizers.Adam(args.lr), args.seed)
    trainer.run(train, val, args.epochs, args.batch)

    _, acc, table = trainer.score(*val)
    print("subject  truth  mean score")
    for s, (m, t) in table.items():
        print(f"{s:7d}  {t:5d}  {m:10.2f}")
    right = np.mean([(m > 0) == bool(t) for m, t in table.values()])
    print(f"walks {acc:.3f}, subjects {right:.3f}")


if __name__ == "__main__":
    main()
