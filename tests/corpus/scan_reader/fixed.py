"""Digit reader for the archive scans (8x8 thumbnails), trained from the annotators' table."""
import csv

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

TABLE = "annotations_export.csv"
EPOCHS = 25
BATCH = 64

tf.random.set_seed(4)


class Affine(tf.Module):
    def __init__(self, n_in, n_out, name=None):
        super().__init__(name=name)
        std = (2.0 / n_in) ** 0.5
        self.w = tf.Variable(tf.random.truncated_normal([n_in, n_out], stddev=std), name="w")
        self.b = tf.Variable(tf.zeros([n_out]), name="b")

    def __call__(self, x):
        return x @ self.w + self.b


class Reader(tf.Module):
    def __init__(self):
        super().__init__()
        self.l1 = Affine(64, 96, "l1")
        self.l2 = Affine(96, 48, "l2")
        self.out = Affine(48, 10, "out")

    def __call__(self, x):
        h = tf.nn.relu(self.l1(x))
        h = tf.nn.relu(self.l2(h))
        return self.out(h)


def read_table(path):
    with open(path, newline="") as fh:
        return [int(row["digit"]) for row in csv.DictReader(fh)]


def load():
    thumbs = load_digits().data.astype("float32") / 16.0
    digits = np.array(read_table(TABLE), dtype="int64")
    assert len(thumbs) == len(digits), "every scan needs one annotation"
    order = np.random.default_rng(0).permutation(len(thumbs))
    thumbs, digits = thumbs[order], digits[order]
    cut = int(0.8 * len(thumbs))
    return (thumbs[:cut], digits[:cut]), (thumbs[cut:], digits[cut:])


(x_tr, y_tr), (x_va, y_va) = load()
train = tf.data.Dataset.from_tensor_slices((x_tr, y_tr)).shuffle(len(x_tr), seed=1).batch(BATCH)

reader = Reader()
opt = tf.keras.optimizers.Adam(2e-3)
opt.build(reader.trainable_variables)


@tf.function
def update(x, y):
    with tf.GradientTape() as tape:
        logits = reader(x)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    variables = reader.trainable_variables
    opt.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss


def accuracy(x, y):
    return float(np.mean(np.argmax(reader(x).numpy(), axis=1) == y))


for epoch in range(1, EPOCHS + 1):
    losses = [float(update(x, y)) for x, y in train]
    if epoch % 5 == 0:
        print(f"epoch {epoch:3d}  loss {np.mean(losses):.4f}  val acc {accuracy(x_va, y_va):.3f}")

print("final validation accuracy: %.3f" % accuracy(x_va, y_va))
