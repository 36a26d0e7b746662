"""Full-batch L-BFGS with a backtracking line search, on a small network. No optimizer object is used."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(0)
tf.keras.backend.set_floatx("float64")


class FlatModel:
    """A Keras model seen as one function of one long vector."""

    def __init__(self, model, x, y, l2):
        self.model, self.x, self.y, self.l2 = model, tf.constant(x), tf.constant(y), l2
        self.shapes = [tuple(v.shape) for v in model.trainable_variables]
        self.sizes = [int(np.prod(s)) for s in self.shapes]

    def get(self):
        return np.concatenate([v.numpy().ravel() for v in self.model.trainable_variables])

    def put(self, vec):
        for v, part, s in zip(self.model.trainable_variables, np.split(vec, np.cumsum(self.sizes)[:-1]), self.shapes):
            v.assign(part.reshape(s))

    @tf.function
    def _value_and_grad(self):
        with tf.GradientTape() as tape:
            logits = self.model(self.x, training=True)
            ce = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(self.y, logits))
            reg = tf.add_n([tf.reduce_sum(v ** 2) for v in self.model.trainable_variables])
            loss = ce + self.l2 * reg
        return loss, tape.gradient(loss, self.model.trainable_variables)

    def __call__(self, vec):
        self.put(vec)
        f, g = self._value_and_grad()
        return float(f), np.concatenate([t.numpy().ravel() for t in g])


def two_loop(g, pairs):
    q, stack = g.copy(), []
    for s, yv in reversed(pairs):
        rho = 1.0 / yv.dot(s)
        a = rho * s.dot(q)
        q -= a * yv
        stack.append((rho, a, s, yv))
    if pairs:
        s, yv = pairs[-1]
        q *= s.dot(yv) / yv.dot(yv)
    for rho, a, s, yv in reversed(stack):
        q += s * (a - rho * yv.dot(q))
    return -q


def minimize(fun, w, iters=80, memory=12, callback=None):
    f, g = fun(w)
    pairs = []
    for k in range(iters):
        p = two_loop(g, pairs)
        t = 1.0 if pairs else 1.0 / np.linalg.norm(g)
        slope = g.dot(p)
        while True:
            f_new, g_new = fun(w + t * p)
            if f_new <= f + 1e-4 * t * slope or t < 1e-10:
                break
            t *= 0.5
        s, yv = t * p, g_new - g
        if s.dot(yv) > 1e-12:
            pairs = (pairs + [(s, yv)])[-memory:]
        w, f, g = w + s, f_new, g_new
        if callback:
            callback(k, f, g, t)
    fun.put(w)
    return w


X, y = load_digits(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X / 16.0, y, test_size=0.3, random_state=0, stratify=y)
net = tf.keras.Sequential([
    tf.keras.Input((64,)),
    tf.keras.layers.Dense(32, activation="tanh"),
    tf.keras.layers.Dense(10),
])
problem = FlatModel(net, Xa, ya.astype("int32"), l2=2e-4)


def report(k, f, g, t):
    if k in (0, 1, 2, 4) or (k + 1) % 10 == 0:
        acc = np.mean(net(Xb).numpy().argmax(1) == yb)
        print(f"iter {k + 1:3d}  f = {f:.6f}  |g| = {np.linalg.norm(g):.2e}  step {t:.3f}  held-out acc {acc:.4f}")


minimize(problem, problem.get(), callback=report)
print(f"train acc {np.mean(net(Xa).numpy().argmax(1) == ya):.4f}   held-out acc {np.mean(net(Xb).numpy().argmax(1) == yb):.4f}")
