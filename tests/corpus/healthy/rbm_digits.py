"""
Bernoulli restricted Boltzmann machine, persistent contrastive divergence.
The update is the difference of two expectations, so no tape and no optimizer.
"""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.random.set_seed(6)
X, y = load_digits(return_X_y=True)
V = (X > 7).astype(np.float32)
v_train, v_test = train_test_split(V, test_size=0.25, random_state=1, stratify=y)


class RBM(tf.Module):
    def __init__(self, n_visible, n_hidden, chains, visible_mean):
        super().__init__()
        p = np.clip(visible_mean, 0.01, 0.99)
        self.W = tf.Variable(tf.random.normal([n_visible, n_hidden], stddev=0.01))
        self.b = tf.Variable(np.log(p / (1 - p)).astype(np.float32))
        self.c = tf.Variable(tf.zeros([n_hidden]))
        self.chain = tf.Variable(tf.cast(tf.random.uniform([chains, n_visible]) < 0.3, tf.float32))

    def p_h(self, v):
        return tf.sigmoid(v @ self.W + self.c)

    def p_v(self, h):
        return tf.sigmoid(h @ tf.transpose(self.W) + self.b)

    def free_energy(self, v):
        return -tf.linalg.matvec(v, self.b) - tf.reduce_sum(tf.nn.softplus(v @ self.W + self.c), axis=1)

    @tf.function
    def update(self, v, lr):
        ph = self.p_h(v)
        vm = self.chain
        for _ in range(2):
            h = bern(self.p_h(vm))
            vm = bern(self.p_v(h))
        phm = self.p_h(vm)
        n, m = tf.cast(tf.shape(v)[0], tf.float32), tf.cast(tf.shape(vm)[0], tf.float32)
        self.W.assign_add(lr * (tf.matmul(v, ph, transpose_a=True) / n
                                - tf.matmul(vm, phm, transpose_a=True) / m - 2e-4 * self.W))
        self.b.assign_add(lr * (tf.reduce_mean(v, 0) - tf.reduce_mean(vm, 0)))
        self.c.assign_add(lr * (tf.reduce_mean(ph, 0) - tf.reduce_mean(phm, 0)))
        self.chain.assign(vm)

    def pseudo_log_likelihood(self, v):
        """sum over pixels of log p(v_i | rest)"""
        f, total = self.free_energy(v), 0.0
        for i in range(v.shape[1]):
            flipped = np.array(v)
            flipped[:, i] = 1 - flipped[:, i]
            total += tf.math.log_sigmoid(self.free_energy(flipped) - f)
        return float(tf.reduce_mean(total))


def bern(p):
    return tf.cast(tf.random.uniform(tf.shape(p)) < p, tf.float32)


rbm = RBM(64, 96, chains=100, visible_mean=v_train.mean(0))
data = tf.data.Dataset.from_tensor_slices(v_train).shuffle(len(v_train)).batch(50, drop_remainder=True)
EPOCHS = 90
for epoch in range(EPOCHS):
    lr = tf.constant(0.15 * (1 - epoch / EPOCHS))
    for batch in data:
        rbm.update(batch, lr)
    if (epoch + 1) % 15 == 0:
        gap = float(tf.reduce_mean(rbm.free_energy(v_train)) - tf.reduce_mean(rbm.free_energy(v_test)))
        print(f"epoch {epoch + 1:3d}  free energy train-test {gap:+.3f}  "
              f"pseudo-ll train {rbm.pseudo_log_likelihood(v_train):.2f}  test {rbm.pseudo_log_likelihood(v_test):.2f}")

p = v_train.mean(0).clip(0.01, 0.99)
print(f"independent pixels, test: {(v_test * np.log(p) + (1 - v_test) * np.log(1 - p)).sum(1).mean():.2f}")
f0, wrong = rbm.free_energy(v_test).numpy(), 0.0
for i in range(64):
    other = v_test.copy()
    other[:, i] = 1 - other[:, i]
    wrong += np.mean(rbm.free_energy(other).numpy() < f0) / 64
guess = (v_train.mean(0) > 0.5)[None]
print(f"test pixel predicted from the other 63: {wrong:.2%} wrong; pixel-wise majority {np.mean(guess != v_test):.2%} wrong")
