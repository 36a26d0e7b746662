"""Multi-task network (digit, parity, ink) trained by a hand-written AdamW, loop in the graph."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.random.set_seed(1)
rng = np.random.default_rng(1)

digits = load_digits()
x = (digits.data / 16.0).astype("float32")
perm = rng.permutation(len(x))
x, y = x[perm], digits.target[perm].astype("int32")
ink = x.mean(1)
ink = ((ink - ink.mean()) / ink.std()).astype("float32")
x_tr, y_tr, ink_tr = (tf.constant(v[:1400]) for v in (x, y, ink))
x_te, y_te, ink_te = x[1400:], y[1400:], ink[1400:]


def dense(n_in, n_out):
    limit = np.sqrt(6.0 / (n_in + n_out))
    return tf.Variable(tf.random.uniform([n_in, n_out], -limit, limit)), tf.Variable(tf.zeros([n_out]))


trunk = [dense(64, 64), dense(64, 64), dense(64, 32)]
heads = {"digit": dense(32, 10), "parity": dense(32, 1), "ink": dense(32, 1)}
params = [p for layer in trunk for p in layer] + [p for layer in heads.values() for p in layer]


def forward(h):
    for w, b in trunk:
        h = tf.nn.relu(h @ w + b)
    return {k: h @ w + b for k, (w, b) in heads.items()}


def multitask_loss(out, y, ink):
    digit = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=out["digit"])
    odd = tf.cast(y % 2, tf.float32)
    parity = tf.nn.sigmoid_cross_entropy_with_logits(labels=odd, logits=out["parity"][:, 0])
    return tf.reduce_mean(digit) + 0.5 * tf.reduce_mean(parity) + 0.5 * tf.reduce_mean((out["ink"][:, 0] - ink) ** 2)


class AdamW:
    """Decoupled weight decay (Loshchilov & Hutter)."""

    def __init__(self, params, lr=1e-3, wd=0.1, b1=0.9, b2=0.999, eps=1e-8):  # expect-or: regularisation-too-strong
        self.params = params
        self.lr, self.wd, self.b1, self.b2, self.eps = lr, wd, b1, b2, eps
        self.m = [tf.Variable(tf.zeros_like(p)) for p in params]
        self.v = [tf.Variable(tf.zeros_like(p)) for p in params]
        self.t = tf.Variable(0.0)

    def apply(self, grads):
        self.t.assign_add(1.0)
        for p, g, m, v in zip(self.params, grads, self.m, self.v):
            m.assign(self.b1 * m + (1 - self.b1) * g)
            v.assign(self.b2 * v + (1 - self.b2) * tf.square(g))
            m_hat = m / (1 - self.b1 ** self.t)
            v_hat = v / (1 - self.b2 ** self.t)
            step = self.lr * m_hat / (tf.sqrt(v_hat) + self.eps)
            p.assign_sub(step + self.wd * p)  # expect: regularisation-too-strong


opt = AdamW(params)  # expect-or: regularisation-too-strong


@tf.function
def train(steps):
    total = 0.0
    for _ in tf.range(steps):
        idx = tf.random.uniform([64], 0, 1400, dtype=tf.int32)
        with tf.GradientTape() as tape:
            loss = multitask_loss(forward(tf.gather(x_tr, idx)), tf.gather(y_tr, idx), tf.gather(ink_tr, idx))
        opt.apply(tape.gradient(loss, params))
        total += loss
    return total / tf.cast(steps, tf.float32)


for block in range(8):
    print(f"steps {100 * (block + 1):4d}  mean loss {float(train(tf.constant(100))):.4f}")

out = forward(x_te)
acc = float(np.mean(np.argmax(out["digit"].numpy(), 1) == y_te))
par = float(np.mean((out["parity"].numpy()[:, 0] > 0) == (y_te % 2 == 1)))
mse = float(np.mean((out["ink"].numpy()[:, 0] - ink_te) ** 2))
print(f"test: digit accuracy {acc:.3f}  parity accuracy {par:.3f}  ink mse {mse:.3f}")
