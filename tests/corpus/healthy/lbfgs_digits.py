"""Full-batch training with scipy's L-BFGS-B; TensorFlow only supplies value and gradient (float64)."""
import numpy as np
import tensorflow as tf
from scipy.optimize import minimize
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

rng = np.random.RandomState(6)
X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X / 16.0, y, test_size=0.3, stratify=y, random_state=6)
X_fit, X_val, y_fit, y_val = train_test_split(X_train, y_train, test_size=0.25, stratify=y_train, random_state=6)

SHAPES = [(64, 30), (30,), (30, 10), (10,)]
SIZES = [int(np.prod(s)) for s in SHAPES]


def unpack(flat):
    return [tf.reshape(p, s) for p, s in zip(tf.split(flat, SIZES), SHAPES)]


def logits(flat, x):
    w1, b1, w2, b2 = unpack(flat)
    return tf.tanh(x @ w1 + b1) @ w2 + b2


@tf.function
def value_and_grad(flat, x, y, l2):
    with tf.GradientTape() as tape:
        tape.watch(flat)
        w1, _, w2, _ = unpack(flat)
        nll = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits(flat, x)))
        loss = nll + l2 * (tf.nn.l2_loss(w1) + tf.nn.l2_loss(w2))
    return loss, tape.gradient(loss, flat)


def train(x, y, l2, maxiter=150):
    x, y, l2 = tf.constant(x), tf.constant(y), tf.constant(l2, tf.float64)

    def fun(v):
        loss, g = value_and_grad(tf.constant(v), x, y, l2)
        return float(loss), g.numpy()

    start = np.concatenate([
        rng.normal(0, 1 / np.sqrt(64), SIZES[0]), np.zeros(SIZES[1]),
        rng.normal(0, 1 / np.sqrt(30), SIZES[2]), np.zeros(SIZES[3])])
    first = fun(start)[0]
    res = minimize(fun, start, jac=True, method="L-BFGS-B", options=dict(maxiter=maxiter))
    return res, first


def accuracy(v, x, y):
    return float(np.mean(np.argmax(logits(tf.constant(v), x).numpy(), 1) == y))


print(" l2       first    final  iters  evals  fit acc  val acc")
scores = {}
for l2 in (1e-2, 1e-3, 1e-4, 1e-5):
    res, first = train(X_fit, y_fit, l2)
    scores[l2] = accuracy(res.x, X_val, y_val)
    print(f"{l2:7.0e}  {first:7.3f}  {res.fun:7.4f}  {res.nit:5d}  {res.nfev:5d}  "
          f"{accuracy(res.x, X_fit, y_fit):.4f}   {scores[l2]:.4f}")

best = max(scores, key=scores.get)
res, _ = train(X_train, y_train, best)          # refit on fit + validation rows
print(f"chosen l2 {best:g}: train acc {accuracy(res.x, X_train, y_train):.4f}  test acc {accuracy(res.x, X_test, y_test):.4f}")
print("gradient norm at the solution: %.2e   scipy: %s" % (np.linalg.norm(res.jac), res.message))
