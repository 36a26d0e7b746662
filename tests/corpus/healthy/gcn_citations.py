"""Two-layer graph convolution, semi-supervised: 12 labelled nodes per class, the whole
graph in every step. Loss and scores are masked to their own nodes."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

SEED = 33
keras.utils.set_random_seed(SEED)

# a citation-like graph: 4 communities, weak features
g = np.random.RandomState(0)
N, C, F = 800, 4, 32
y = np.sort(g.randint(0, C, N))
same = y[:, None] == y[None, :]
A = (g.rand(N, N) < np.where(same, .025, .0025)).astype("float32")
A = np.triu(A, 1)
A = A + A.T
X = (g.randn(C, F)[y] * .5 + g.randn(N, F)).astype("float32")

A_hat = A + np.eye(N, dtype="float32")
d = A_hat.sum(1) ** -.5
A_norm = tf.constant(d[:, None] * A_hat * d[None, :])

idx = g.permutation(N)
train_idx = np.concatenate([idx[y[idx] == c][:12] for c in range(C)])
rest = np.setdiff1d(idx, train_idx)
g.shuffle(rest)
val_idx, test_idx = rest[:150], rest[150:]


class GCN(keras.Model):
    def __init__(self):
        super().__init__()
        self.drop = keras.layers.Dropout(.5)
        self.w1 = keras.layers.Dense(16, use_bias=False)
        self.w2 = keras.layers.Dense(C)

    def call(self, x, training=False):
        h = tf.nn.relu(A_norm @ self.w1(self.drop(x, training=training)))
        return A_norm @ self.w2(self.drop(h, training=training))


net = GCN()
net(X)
opt = keras.optimizers.Adam(.01)
xent = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def train_step():
    with tf.GradientTape() as tape:
        logits = net(X, training=True)
        loss = xent(y[train_idx], tf.gather(logits, train_idx))
        loss += 5e-4 * tf.nn.l2_loss(net.w1.kernel)        # first layer only, as in the paper
    opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return loss


def acc(at):
    return float(np.mean(net(X).numpy().argmax(1)[at] == y[at]))


for epoch in range(1, 201):
    loss = train_step()
    if epoch % 20 == 0:
        val = xent(y[val_idx], net(X).numpy()[val_idx])
        print(f"epoch {epoch:3d} loss {loss:.4f} val loss {val:.4f} val acc {acc(val_idx):.3f}")

print(f"test accuracy {acc(test_idx):.3f} on {len(test_idx)} unlabelled nodes")
