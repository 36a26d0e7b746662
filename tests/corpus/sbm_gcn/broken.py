# two-layer GCN on a stochastic block model, semi-supervised (cf. Kipf & Welling 2017)
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(11)
tf.random.set_seed(11)

N, K, F = 400, 4, 24
p_in, p_out = 0.06, 0.008

z = rng.integers(0, K, N)
P = np.where(z[:, None] == z[None, :], p_in, p_out)
A = np.triu(rng.random((N, N)) < P, 1)
A = (A | A.T).astype(np.float32)

centres = rng.normal(size=(K, F))
X = (centres[z] * 0.5 + rng.normal(size=(N, F))).astype(np.float32)

# renormalisation trick
A_tilde = A + np.eye(N, dtype=np.float32)
d = A_tilde.sum(1) ** -0.5
A_hat = tf.constant(d[:, None] * A_tilde * d[None, :])
X = tf.constant(X)

idx = rng.permutation(N)
train_idx, val_idx, test_idx = idx[:80], idx[80:160], idx[160:]
y = tf.constant(z, tf.int32)


def glorot(n_in, n_out):
    r = np.sqrt(6 / (n_in + n_out))
    return tf.Variable(rng.uniform(-r, r, (n_in, n_out)).astype(np.float32))


theta = {
    "W0": glorot(F, 16), "b0": tf.Variable(tf.zeros(16)),
    "W1": glorot(16, K), "b1": tf.Variable(tf.zeros(K)),
}


def forward(theta):
    h = tf.nn.relu(A_hat @ (X @ theta["W0"]) + theta["b0"])
    return A_hat @ (h @ theta["W1"]) + theta["b1"]


def nll(logits, nodes):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=tf.gather(y, nodes), logits=tf.gather(logits, nodes)))


def acc(logits, nodes):
    guess = tf.argmax(tf.gather(logits, nodes), 1, output_type=tf.int32)
    return float(tf.reduce_mean(tf.cast(guess == tf.gather(y, nodes), tf.float32)))


def sgd(params, grads, lr):
    for p, g in zip(params, grads):  # expect-or: update-missing
        p = p - lr * g  # expect: update-missing


lr = 0.5
for it in range(301):
    with tf.GradientTape() as tape:
        logits = forward(theta)
        loss = nll(logits, train_idx)
    params = list(theta.values())
    sgd(params, tape.gradient(loss, params), lr)  # expect-or: update-missing
    if it % 50 == 0:
        print(f"it {it:4d}  nll {float(loss):.4f}  train {acc(logits, train_idx):.3f}  val {acc(logits, val_idx):.3f}")

print("edges", int(A.sum() / 2), " test accuracy", round(acc(forward(theta), test_idx), 3))
