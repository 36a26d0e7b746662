import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine

# 178 bottles, 13 measurements, 3 growers: the whole training set is one batch.
wine = load_wine()
g = np.random.default_rng(6)
order = g.permutation(178)
fit_rows, test_rows = order[:110], order[110:]
mu = wine.data[fit_rows].mean(0)
sd = wine.data[fit_rows].std(0)
X = (wine.data - mu) / sd
T = np.eye(3)[wine.target]


class Net(tf.Module):
    def __init__(self, n_in=13, n_hid=8, n_out=3):
        super().__init__(name="wine_net")
        self.W = tf.Variable(g.normal(size=(n_in, n_hid)) / np.sqrt(n_in), name="W")
        self.a = tf.Variable(np.zeros(n_hid), name="a")
        self.U = tf.Variable(g.normal(size=(n_hid, n_out)) / np.sqrt(n_hid), name="U")
        self.c = tf.Variable(np.zeros(n_out), name="c")

    @tf.function
    def __call__(self, x):
        return tf.tanh(x @ self.W + self.a) @ self.U + self.c

    def load(self, flat):
        k = 0
        for v in self.variables:
            n = int(np.prod(v.shape))
            v.assign(flat[k:k + n].reshape(v.shape))
            k += n

    def dump(self):
        return np.concatenate([v.numpy().ravel() for v in self.variables])


net = Net()
x_fit, t_fit = tf.constant(X[fit_rows]), tf.constant(T[fit_rows])


@tf.function
def _value_and_grad():
    with tf.GradientTape() as tape:
        data_term = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(t_fit, net(x_fit)))
        loss = data_term + 0.01 * (tf.nn.l2_loss(net.W) + tf.nn.l2_loss(net.U))
    return loss, tape.gradient(loss, net.variables)


def objective(flat):
    net.load(flat)
    f, grads = _value_and_grad()
    return float(f), np.concatenate([d.numpy().ravel() for d in grads])


def lbfgs(w, max_iter=80, memory=8, tol=1e-6):
    f, grad = objective(w)
    S, Y = [], []
    for it in range(max_iter):
        q = grad.copy()
        alphas = []
        for s, yv in zip(reversed(S), reversed(Y)):
            a = (s @ q) / (s @ yv)
            alphas.append(a)
            q -= a * yv
        q *= (S[-1] @ Y[-1]) / (Y[-1] @ Y[-1]) if S else 1.0 / max(1.0, np.linalg.norm(grad))
        for s, yv, a in zip(S, Y, reversed(alphas)):
            q += s * (a - (yv @ q) / (s @ yv))
        d, step = -q, 1.0
        while True:                                   # Armijo backtracking
            f_new, g_new = objective(w + step * d)
            if f_new <= f + 1e-4 * step * (grad @ d) or step < 1e-8:
                break
            step *= 0.5
        s, yv = step * d, g_new - grad
        if s @ yv > 1e-10:
            S, Y = (S + [s])[-memory:], (Y + [yv])[-memory:]
        w, f, grad = w + s, f_new, g_new
        if it % 10 == 0:
            print("it %2d  f %.5f  |g| %.1e  step %.3g" % (it, f, np.linalg.norm(grad), step))
        if np.linalg.norm(grad) < tol:
            break
    net.load(w)
    print("stopped after %d iterations, f %.6f, |g| %.1e" % (it + 1, f, np.linalg.norm(grad)))


def macro_f1(rows):
    p, t = net(tf.constant(X[rows])).numpy().argmax(1), wine.target[rows]
    f = []
    for c in range(3):
        tp = np.sum((p == c) & (t == c))
        f.append(2 * tp / (np.sum(p == c) + np.sum(t == c)))
    return np.mean(f)


print("macro F1 at the start: fit %.3f  test %.3f" % (macro_f1(fit_rows), macro_f1(test_rows)))
lbfgs(net.dump())
print("macro F1 at the end  : fit %.3f  test %.3f" % (macro_f1(fit_rows), macro_f1(test_rows)))
