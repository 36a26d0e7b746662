# Two-layer graph convolution (Kipf & Welling) over a small citation graph.
import csv
import os

import numpy as np
import tensorflow as tf

HERE = os.path.dirname(os.path.abspath(__file__))
HIDDEN = 16
STEPS = 120


def rows(name):
    with open(os.path.join(HERE, name), newline="") as f:
        reader = csv.reader(f)
        next(reader)
        yield from reader


def load_graph():
    names, words = [], []
    for name, *w in rows("words.csv"):
        names.append(name)
        words.append([int(v) for v in w])
    index = {name: i for i, name in enumerate(names)}

    n = len(names)
    adj = np.eye(n, dtype="float32")
    for a, b in rows("cites.csv"):
        adj[index[a], index[b]] = adj[index[b], index[a]] = 1.0
    d = adj.sum(1) ** -0.5
    a_hat = adj * d[:, None] * d[None, :]

    x = np.array(words, dtype="float32")
    x /= np.maximum(x.sum(1, keepdims=True), 1.0)

    subjects = [subject for _, subject in rows("subjects_2.csv")]
    classes = sorted(set(subjects))
    y = np.array([classes.index(s) for s in subjects], dtype="int32")
    return a_hat, x * np.sqrt(x.shape[1]), y, classes


class GraphConv(tf.keras.layers.Layer):
    def __init__(self, units, activation=None):
        super().__init__()
        self.units = units
        self.activation = tf.keras.activations.get(activation)

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units), initializer="glorot_uniform", name="w")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

    def call(self, h, a_hat):
        return self.activation(tf.matmul(a_hat, tf.matmul(h, self.w)) + self.b)


class GCN(tf.keras.Model):
    def __init__(self, hidden, n_classes):
        super().__init__()
        self.g1 = GraphConv(hidden, "relu")
        self.drop = tf.keras.layers.Dropout(0.3)
        self.g2 = GraphConv(n_classes)

    def call(self, inputs, training=False):
        x, a_hat = inputs
        h = self.drop(self.g1(x, a_hat), training=training)
        return self.g2(h, a_hat)


def masked_accuracy(logits, y, idx):
    return float(np.mean(np.argmax(logits.numpy()[idx], 1) == y[idx]))


def main():
    tf.keras.utils.set_random_seed(3)
    a_hat, x, y, classes = load_graph()
    n = len(y)
    order = np.random.default_rng(3).permutation(n)
    train, val = order[: n * 6 // 10], order[n * 6 // 10:]
    print(f"{n} papers, {int((a_hat > 0).sum() - n) // 2} citations, subjects {classes}")

    a_t, x_t = tf.constant(a_hat), tf.constant(x)
    model = GCN(HIDDEN, len(classes))
    opt = tf.keras.optimizers.Adam(0.01)
    xent = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    for step in range(1, STEPS + 1):
        with tf.GradientTape() as tape:
            logits = model((x_t, a_t), training=True)
            loss = xent(y[train], tf.gather(logits, train))
        grads = tape.gradient(loss, model.trainable_variables)
        opt.apply_gradients(zip(grads, model.trainable_variables))
        if step % 20 == 0:
            out = model((x_t, a_t), training=False)
            val_loss = float(xent(y[val], tf.gather(out, val)))
            print(f"step {step:3d}  loss {float(loss):.3f}  val loss {val_loss:.3f}  "
                  f"acc {masked_accuracy(out, y, train):.3f}  val acc {masked_accuracy(out, y, val):.3f}")


if __name__ == "__main__":
    main()
