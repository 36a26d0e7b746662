import argparse

import numpy as np
import tensorflow as tf


def sbm(sizes, p_in, p_out, rng):
    z = np.repeat(np.arange(len(sizes)), sizes)
    same = z[:, None] == z[None, :]
    upper = np.triu(rng.random(same.shape) < np.where(same, p_in, p_out), 1)
    return (upper | upper.T).astype("float32"), z


def sym_norm(A):
    A = A + np.eye(len(A), dtype="float32")
    d = A.sum(1) ** -0.5
    return tf.sparse.from_dense(A * d[:, None] * d[None, :])


class GraphConv(tf.keras.layers.Layer):
    def __init__(self, units, adj, act=None):
        super().__init__()
        self.adj = adj
        self.lin = tf.keras.layers.Dense(units, use_bias=False)
        self.act = tf.keras.activations.get(act)

    def call(self, h):
        return self.act(tf.sparse.sparse_dense_matmul(self.adj, self.lin(h)))


def get_args():
    p = argparse.ArgumentParser(description="semi-supervised node classification")
    p.add_argument("--hidden", type=int, default=32)
    p.add_argument("--lr", type=float, default=1e-2)
    p.add_argument("--weight-decay", type=float, default=5e-5)
    p.add_argument("--epochs", type=int, default=150)
    p.add_argument("--seed", type=int, default=42)
    return p.parse_args()


args = get_args()
tf.keras.utils.set_random_seed(args.seed)
rng = np.random.default_rng(args.seed)

A, z = sbm([110, 90, 120, 80], 0.08, 0.012, rng)
n, k = len(z), 4
centres = rng.normal(0, 0.5, (k, 24))
feats = (centres[z] + rng.normal(0, 1.0, (n, 24))).astype("float32")

perm = rng.permutation(n)
idx_train, idx_val, idx_test = perm[:100], perm[100:200], perm[200:]
adj = sym_norm(A)

conv1 = GraphConv(args.hidden, adj, "relu")
conv2 = GraphConv(k, adj)
X = tf.constant(feats)
conv2(conv1(X))
params = conv1.trainable_variables + conv2.trainable_variables

optimizer = tf.keras.optimizers.AdamW(args.lr, args.weight_decay)


@tf.function
def epoch_step():
    with tf.GradientTape() as tape:
        out = conv2(conv1(X))
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=z[idx_train], logits=tf.gather(out, idx_train)
            )
        )
    optimizer.apply_gradients(zip(tape.gradient(loss, params), params))
    return loss, out


def acc(out, idx):
    return float(np.mean(out.numpy().argmax(1)[idx] == z[idx]))


for ep in range(args.epochs):
    loss, out = epoch_step()
    if (ep + 1) % 25 == 0:
        print(f"Epoch {ep + 1:03d}: loss {float(loss):.4f}, train {acc(out, idx_train):.3f}, val {acc(out, idx_val):.3f}")

print(f"Test accuracy: {acc(conv2(conv1(X)), idx_test):.3f}")
