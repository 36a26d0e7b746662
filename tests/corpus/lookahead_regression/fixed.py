"""Friedman #1 with a hand-made MLP and Lookahead (Zhang et al., 2019) around SGD."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_friedman1
from sklearn.metrics import r2_score


class MLP(tf.Module):
    def __init__(self, sizes):
        super().__init__()
        self.w, self.b = [], []
        for fan_in, fan_out in zip(sizes[:-1], sizes[1:]):
            std = float(np.sqrt(2.0 / fan_in))
            self.w.append(tf.Variable(tf.random.normal([fan_in, fan_out], stddev=std)))
            self.b.append(tf.Variable(tf.zeros([fan_out])))

    def __call__(self, h):
        for w, b in zip(self.w[:-1], self.b[:-1]):
            h = tf.nn.relu(h @ w + b)
        return (h @ self.w[-1] + self.b[-1])[:, 0]


class Lookahead:
    """k fast steps, then the slow copy moves a part of the way and the fast one returns to it."""

    def __init__(self, inner, variables, k=5, alpha=0.5):
        self.inner, self.fast, self.k, self.alpha = inner, list(variables), k, alpha
        self.slow = [tf.Variable(v, trainable=False) for v in self.fast]
        self.count = 0

    def after_step(self):
        self.count += 1
        if self.count % self.k == 0:
            self.synchronise()

    def synchronise(self):
        for slow, fast in zip(self.slow, self.fast):
            slow.assign_add(self.alpha * (fast - slow))
            fast.assign(slow)


tf.random.set_seed(8)
x, y = make_friedman1(n_samples=5000, n_features=10, noise=0.5, random_state=4)
x = ((x - 0.5) / np.sqrt(1 / 12)).astype("float32")
x_train, x_test = x[:4000], x[4000:]
mean, std = y[:4000].mean(), y[:4000].std()
y_train = ((y[:4000] - mean) / std).astype("float32")
y_test = y[4000:]

net = MLP([10, 64, 64, 1])
optimiser = Lookahead(tf.keras.optimizers.SGD(0.04, momentum=0.9), net.trainable_variables)


@tf.function(reduce_retracing=True)
def fast_step(xb, yb):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(net(xb) - yb))
    grads = tape.gradient(loss, net.trainable_variables)
    optimiser.inner.apply_gradients(zip(grads, net.trainable_variables))
    return loss


rng = np.random.default_rng(0)
for epoch in range(24):
    total = 0.0
    order = rng.permutation(len(x_train))
    for batch in np.array_split(order, 63):
        loss = fast_step(x_train[batch], y_train[batch])
        optimiser.after_step()
        total += float(loss) * len(batch)
    if epoch % 3 == 2:
        print(f"epoch {epoch + 1:2d}   mse {total / len(order):.4f}")

estimate = net(tf.constant(x_test)).numpy() * std + mean
print(f"R2 on the test rows: {r2_score(y_test, estimate):.3f}")
