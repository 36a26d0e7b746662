"""Click prediction on an event stream. Prints the running metric every 20 batches, as the dashboard does."""
import argparse
import sys

import numpy as np
import tensorflow as tf


def events(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 12)).astype("float32")
    score = 1.8 * x[:, 0] * x[:, 1] + 1.5 * np.tanh(x[:, 2]) + x[:, 3] - 0.8 * x[:, 4]
    y = (rng.random(n) < 1 / (1 + np.exp(-3.0 * score))).astype("float32")[:, None]
    return x, y


class Trainer:
    def __init__(self, lr):
        self.model = tf.keras.Sequential([
            tf.keras.layers.Input((12,)),
            tf.keras.layers.Dense(48, activation="elu"),
            tf.keras.layers.Dense(24, activation="elu"),
            tf.keras.layers.Dense(1),
        ])
        self.opt = tf.keras.optimizers.RMSprop(lr)
        self.bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
        self.loss_mean = tf.keras.metrics.Mean()
        self.acc = tf.keras.metrics.BinaryAccuracy(threshold=0.0)

    @tf.function
    def step(self, x, y):
        with tf.GradientTape() as tape:
            z = self.model(x, training=True)
            loss = self.bce(y, z)
        g = tape.gradient(loss, self.model.trainable_variables)
        self.opt.apply_gradients(zip(g, self.model.trainable_variables))
        self.loss_mean.update_state(loss)
        self.acc.update_state(y, z)
        return loss

    def epoch(self, no, ds):
        self.loss_mean.reset_state()
        self.acc.reset_state()
        for k, (x, y) in enumerate(ds, 1):
            batch_loss = self.step(x, y)
            if k % 20 == 0:
                print("epoch %d batch %3d  loss(avg) %.4f  acc(avg) %.4f  loss(batch) %.4f"
                      % (no, k, self.loss_mean.result(), self.acc.result(), batch_loss))

    def held_out(self, x, y):
        z = self.model(x, training=False)
        return float(self.bce(y, z)), float(np.mean((z.numpy() > 0) == (y > 0.5)))


def main(argv):
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=6)
    ap.add_argument("--lr", type=float, default=0.002)
    ap.add_argument("--batch", type=int, default=32)
    a = ap.parse_args(argv)
    tf.keras.utils.set_random_seed(5)
    x, y = events(6400, 1)
    xv, yv = events(1500, 2)
    ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=9).batch(a.batch)
    t = Trainer(a.lr)
    for e in range(1, a.epochs + 1):
        t.epoch(e, ds)
        l, acc = t.held_out(xv, yv)
        print("=== epoch %d done: held-out loss %.4f acc %.4f" % (e, l, acc))


if __name__ == "__main__":
    main(sys.argv[1:])
