#!/usr/bin/env python
"""
Personalise the keypad reader.

The unit ships with weights trained at the factory; here they are read back
from a returned unit and trained further on digits as its owner writes them
(small, tilted, drawn lightly).  Everything is plain GradientTape.
"""
import argparse
import pathlib

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from scipy.ndimage import rotate

here = pathlib.Path(__file__).parent
p = argparse.ArgumentParser()
p.add_argument("--unit", default="unit_0219.npz")  # expect-or: init-too-large
p.add_argument("--epochs", type=int, default=9)
p.add_argument("--lr", type=float, default=2e-3)
p.add_argument("--seed", type=int, default=0)
opt = p.parse_args()

rng = np.random.default_rng(opt.seed)
tf.random.set_seed(opt.seed)


def owner_digits():
    bunch = load_digits()
    imgs = np.stack([rotate(im, 22, reshape=False, order=1) for im in bunch.images[900:]])
    imgs = np.clip(imgs * 0.8, 0, 16) / 16.0
    x = imgs.reshape(len(imgs), -1).astype("float32")
    t = bunch.target[900:].astype("int32")
    mix = np.random.default_rng(77).permutation(len(x))
    x, t = x[mix], t[mix]
    return (x[:650], t[:650]), (x[650:], t[650:])


class Reader(tf.Module):
    def __init__(self, archive):
        super().__init__()
        with np.load(archive) as z:
            arrays = [z[f"p{k}"] for k in range(len(z.files))]  # expect-or: init-too-large
        self.params = [tf.Variable(a, dtype=tf.float32) for a in arrays]  # expect: init-too-large

    def __call__(self, x):
        h = x
        for w, b in zip(self.params[0:-2:2], self.params[1:-2:2]):
            h = tf.tanh(h @ w + b)  # expect-or: saturation
        return h @ self.params[-2] + self.params[-1]


def accuracy(net, x, t):
    return float(tf.reduce_mean(tf.cast(tf.argmax(net(x), 1, tf.int32) == t, tf.float32)))


(train_x, train_t), (test_x, test_t) = owner_digits()
reader = Reader(here / opt.unit)  # expect-or: init-too-large
print(f"as shipped     test accuracy {accuracy(reader, test_x, test_t):.3f}")

adam = tf.keras.optimizers.Adam(opt.lr)
for epoch in range(opt.epochs):
    order = rng.permutation(len(train_x))
    running = []
    for i in range(0, len(order), 20):
        sel = order[i:i + 20]
        with tf.GradientTape() as tape:
            ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=train_t[sel],
                                                                logits=reader(train_x[sel]))
            loss = tf.reduce_mean(ce)
        grads = tape.gradient(loss, reader.params)
        adam.apply_gradients(zip(grads, reader.params))
        running.append(float(loss))
    print(f"epoch {epoch + 1:2d}  loss {np.mean(running):9.4f}  "
          f"test accuracy {accuracy(reader, test_x, test_t):.3f}")
