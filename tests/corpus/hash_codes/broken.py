"""Supervised binary hashing with a continuation schedule.

codes = tanh(beta * h).  beta grows during training so that the relaxed codes
approach sign(h) (cf. HashNet, ICCV'17).
"""
import argparse

import numpy as np
import tensorflow as tf
import keras
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class HashNet(keras.Model):
    def __init__(self, bits, n_classes, steps_per_epoch, growth):
        super().__init__()
        self.backbone = keras.Sequential([
            layers.Dense(128, activation="relu"),
            layers.Dense(64, activation="relu"),
        ])
        self.project = layers.Dense(bits)
        self.classifier = layers.Dense(n_classes)
        self.steps_per_epoch = steps_per_epoch
        self.growth = growth
        self.beta = tf.Variable(1.0, trainable=False, dtype=tf.float32)

    def call(self, x):
        return self.classifier(tf.tanh(self.beta * self.project(self.backbone(x))))  # expect-or: saturation

    def codes(self, x):
        return np.sign(self.project(self.backbone(x)).numpy())

    def train_step(self, data):
        x, y = data
        step = tf.cast(self.optimizer.iterations, tf.float32)
        self.beta.assign(tf.minimum(self.growth ** step, 1e6))  # expect: saturation
        with tf.GradientTape() as tape:
            logits = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=logits)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return {"loss": loss, "beta": self.beta}


def mean_average_precision(query, q_lab, db, db_lab):
    sims = query @ db.T
    scores = []
    for s, lab in zip(sims, q_lab):
        hit = (db_lab == lab)[np.argsort(-s, kind="stable")]
        prec = np.cumsum(hit) / np.arange(1, len(hit) + 1)
        scores.append((prec * hit).sum() / hit.sum())
    return float(np.mean(scores))


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--bits", type=int, default=12)
    p.add_argument("--epochs", type=int, default=12)
    p.add_argument("--growth", type=float, default=1.4)
    p.add_argument("--batch", type=int, default=32)
    args = p.parse_args()

    keras.utils.set_random_seed(7)
    X, y = load_digits(return_X_y=True)
    X = (X / 16.0 - 0.3).astype("float32")
    Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=360, random_state=0, stratify=y)

    net = HashNet(args.bits, 10, len(Xtr) // args.batch + 1, args.growth)
    net.compile(optimizer=keras.optimizers.Adam(2e-3),
                loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    net.fit(Xtr, ytr, batch_size=args.batch, epochs=args.epochs, verbose=2)
    m = mean_average_precision(net.codes(Xte), yte, net.codes(Xtr), ytr)
    print("retrieval mAP @%d bits: %.3f" % (args.bits, m))
