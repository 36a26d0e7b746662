"""Deep equilibrium model: the hidden state is the fixed point of z = tanh(zW + xU + b); gradients by the implicit
function theorem (tf.custom_gradient), checked against unrolling."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_circles

tf.random.set_seed(2)
N, ITERS = 32, 30


def cell(z, x, W, U, b):
    return tf.tanh(z @ W + x @ U + b)


def solve(x, W, U, b, n=ITERS):
    z = tf.zeros([tf.shape(x)[0], N])
    for _ in range(n):
        z = cell(z, x, W, U, b)
    return z


@tf.custom_gradient
def equilibrium(x, W, U, b):
    z_star = tf.stop_gradient(solve(x, W, U, b))

    def grad(upstream):
        d = 1.0 - tf.square(cell(z_star, x, W, U, b))
        g = upstream
        for _ in range(ITERS):
            g = upstream + (g * d) @ tf.transpose(W)
        gd = g * d
        return gd @ tf.transpose(U), tf.transpose(z_star) @ gd, tf.transpose(x) @ gd, tf.reduce_sum(gd, 0)

    return z_star, grad


V = tf.Variable(tf.random.normal([N, N]) / N**0.5, name="V")
U = tf.Variable(tf.random.normal([2, N]), name="U")
b = tf.Variable(tf.random.normal([N]) * 0.5, name="b")
R = tf.Variable(tf.random.normal([N, 1]) / N**0.5, name="R")
c = tf.Variable(tf.zeros([1]), name="c")
theta = [V, U, b, R, c]


def contraction():
    """V with its Frobenius norm held at 1.6 or below."""
    return 0.8 * V / tf.maximum(1.0, tf.norm(V, ord="euclidean") / 2.0)


def logits(x, layer=equilibrium):
    return layer(x, contraction(), U, b) @ R + c


X, y = make_circles(700, noise=0.08, factor=0.55, random_state=5)
X, y = X.astype("float32"), y.astype("float32")[:, None]
Xtr, ytr, Xte, yte = X[:500], y[:500], X[500:], y[500:]


def bce(x, t, layer=equilibrium):
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(t, logits(x, layer)))


with tf.GradientTape(persistent=True) as tape:
    implicit, unrolled = bce(Xtr[:50], ytr[:50]), bce(Xtr[:50], ytr[:50], solve)
for v in theta:
    a, r = tape.gradient(implicit, v), tape.gradient(unrolled, v)
    print(f"{v.name[:1]}: |implicit - unrolled| / |unrolled| = {float(tf.norm(a - r) / tf.norm(r)):.1e}")
del tape

m = [tf.Variable(tf.zeros_like(v), trainable=False) for v in theta]


@tf.function
def step(x, t, lr):
    with tf.GradientTape() as tape:
        loss = bce(x, t)
    for v, g, mom in zip(theta, tape.gradient(loss, theta), m):
        mom.assign(0.9 * mom + g)
        v.assign_sub(lr * mom)
    return loss


rng = np.random.default_rng(0)
for k in range(601):
    i = rng.integers(0, 500, 100)
    loss = step(Xtr[i], ytr[i], tf.constant(0.1 if k < 400 else 0.02))
    if k % 100 == 0:
        W = contraction()
        z = solve(Xte, W, U, b)
        res = float(tf.reduce_max(tf.abs(cell(z, Xte, W, U, b) - z)))
        acc = np.mean((logits(Xte).numpy() > 0) == (yte > 0.5))
        print(f"{k:4d}  loss {float(loss):.4f}  test acc {acc:.3f}  residual {res:.1e}")
