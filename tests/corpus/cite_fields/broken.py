import math
import os

import numpy as np
import tensorflow as tf

# Semi-supervised field-of-study prediction on a small citation graph.
# Two propagation layers with residual feature transform (GCN / SAGE hybrid).


def read_graph(fname):
    raw = np.load(os.path.join(os.path.dirname(os.path.abspath(__file__)), fname))
    words = np.unpackbits(raw["words"], axis=1)[:, : int(raw["vocab"])].astype(np.float32)
    words /= np.maximum(words.sum(1, keepdims=True), 1.0)
    i, j = raw["cites"].astype(np.int64).T
    n = len(words)
    adj = np.zeros((n, n), np.float32)
    adj[i, j] = adj[j, i] = 1.0
    adj += np.eye(n, dtype=np.float32)
    d = 1.0 / np.sqrt(adj.sum(1))
    return words, adj * d[:, None] * d[None, :], raw["field"].astype(np.int32)


class CiteNet(tf.Module):
    def __init__(self, adj, n_words, hidden, n_fields, drop):
        super().__init__()
        self.adj = tf.constant(adj)
        self.drop = drop
        self.training = True  # expect-or: train-mode
        u = lambda a, b: tf.Variable(tf.random.uniform((a, b), -1, 1) * math.sqrt(6.0 / (a + b)))
        self.prop1, self.own1, self.bias1 = u(n_words, hidden), u(n_words, hidden), tf.Variable(tf.zeros(hidden))
        self.prop2, self.own2, self.bias2 = u(hidden, n_fields), u(hidden, n_fields), tf.Variable(tf.zeros(n_fields))

    @tf.function  # expect-or: train-mode
    def __call__(self, x):  # expect-or: train-mode
        rate = self.drop if self.training else 0.0  # expect: train-mode
        x = tf.nn.dropout(x, rate)  # expect-or: train-mode
        h = tf.nn.relu(self.adj @ (x @ self.prop1) + x @ self.own1 + self.bias1)
        h = tf.nn.dropout(h, rate)  # expect-or: train-mode
        return self.adj @ (h @ self.prop2) + h @ self.own2 + self.bias2


def accuracy(logits, y, mask):
    return float(np.mean(np.argmax(logits, 1)[mask] == y[mask]))


def run(hidden=32, drop=0.6, lr=0.01, decay=5e-4, epochs=160, seed=13):
    tf.random.set_seed(seed)
    words, adj, y = read_graph("corpus.npz")
    words = words * 10.0
    order = np.random.default_rng(seed).permutation(len(y))
    fit, val, test = order[:240], order[240:480], order[480:]
    x, y_fit, fit_rows = tf.constant(words), tf.constant(y[fit]), tf.constant(fit)

    net = CiteNet(adj, words.shape[1], hidden, int(y.max()) + 1, drop)
    adam = tf.keras.optimizers.Adam(lr)
    weights = [v for v in net.trainable_variables if v.shape.rank == 2]

    best, kept = 0.0, None
    for epoch in range(1, epochs + 1):
        net.training = True  # expect-or: train-mode
        with tf.GradientTape() as tape:
            logits = tf.gather(net(x), fit_rows)
            ce = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y_fit, logits=logits))
            loss = ce + decay * tf.add_n([tf.nn.l2_loss(w) for w in weights])
        adam.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))

        if epoch % 10 == 0:
            net.training = False  # expect-or: train-mode
            scores = net(x).numpy()  # expect-or: train-mode
            acc = accuracy(scores, y, val)
            if acc > best:
                best, kept = acc, [v.numpy() for v in net.trainable_variables]
            if epoch % 40 == 0:
                print(f"{epoch:4d}  cross-entropy {float(ce):.3f}  fit {accuracy(scores, y, fit):.3f}  val {acc:.3f}")

    for v, k in zip(net.trainable_variables, kept):
        v.assign(k)
    print(f"best validation {best:.3f}; test accuracy {accuracy(net(x).numpy(), y, test):.3f}")  # expect-or: train-mode


if __name__ == "__main__":
    run()
