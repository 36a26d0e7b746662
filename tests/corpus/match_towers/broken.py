"""Two-tower matching on bare variables; in-batch softmax ranking."""
import numpy as np
import tensorflow as tf


class Tower:
    def __init__(self, n_in, hidden, n_out, rng):
        def weights(a, b):
            return tf.Variable(rng.normal(0, np.sqrt(1.0 / a), (a, b)).astype("float32"))
        self.w1, self.b1 = weights(n_in, hidden), tf.Variable(tf.zeros([hidden]))
        self.w2 = weights(hidden, n_out)

    @property
    def variables(self):
        return [self.w1, self.b1, self.w2]

    def __call__(self, x):
        h = tf.nn.tanh(x @ self.w1 + self.b1)
        return tf.math.l2_normalize(h @ self.w2, axis=1)


class Registry:
    """Hands out towers by name."""

    def __init__(self, sizes, hidden=32, code=12, seed=13):
        self.sizes, self.hidden, self.code = sizes, hidden, code
        self.rng = np.random.default_rng(seed)
        self.towers = {}

    def tower(self, name):
        if name not in self.towers:  # expect-or: update-missing
            return Tower(self.sizes[name], self.hidden, self.code, self.rng)  # expect: update-missing
        return self.towers[name]


class Matcher:
    def __init__(self, registry, learning_rate=0.5, temperature=0.1):
        self.registry = registry
        self.lr, self.temperature = learning_rate, temperature

    def scores(self, left, right):
        return left @ tf.transpose(right) / self.temperature

    def step(self, xl, xr):
        a, b = self.registry.tower("left"), self.registry.tower("right")  # expect-or: update-missing
        with tf.GradientTape() as tape:
            logits = self.scores(a(xl), b(xr))
            target = tf.range(tf.shape(logits)[0])
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=target, logits=logits))
        params = a.variables + b.variables
        for var, grad in zip(params, tape.gradient(loss, params)):
            var.assign_sub(self.lr * grad)  # expect-or: update-missing
        return float(loss)

    def hit_rate(self, xl, xr, k=5):
        s = self.scores(self.registry.tower("left")(xl), self.registry.tower("right")(xr)).numpy()
        rank = (s > np.diag(s)[:, None]).sum(axis=1)
        return float(np.mean(rank < k))


def main():
    pack = np.load("pairs.npz")
    left, right = pack["left"].astype("float32"), pack["right"].astype("float32")
    registry = Registry({"left": left.shape[1], "right": right.shape[1]})
    matcher = Matcher(registry)
    rng = np.random.default_rng(0)
    losses = []
    for step in range(450):
        take = rng.choice(1300, 64, replace=False)
        losses.append(matcher.step(left[take], right[take]))
        if step % 90 == 89:
            print(f"step {step + 1} loss {np.mean(losses[-90:]):.3f}")
    print("held-out hit@5 of 300: %.3f" % matcher.hit_rate(left[1300:], right[1300:]))


if __name__ == "__main__":
    main()
