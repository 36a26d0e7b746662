"""Gaussian-process regression: hyper-parameters by gradient ascent on the log evidence (float64)."""
import numpy as np
import tensorflow as tf

tf.random.set_seed(0)
rng = np.random.default_rng(0)
DT = tf.float64


def truth(x):
    return np.sin(2.2 * x[:, 0]) + 0.5 * np.cos(3.0 * x[:, 0]) * x[:, 1]


X = rng.uniform(-2, 2, (220, 3))                       # the third input is irrelevant
y = truth(X) + 0.15 * rng.normal(size=220)
Xtr, ytr, Xte, yte = X[:150], y[:150], X[150:], y[150:]
ymean = ytr.mean()
ytr = ytr - ymean

log_ls = tf.Variable(np.zeros(3), dtype=DT)            # ARD length-scales
log_amp = tf.Variable(0.0, dtype=DT)
log_noise = tf.Variable(np.log(0.5), dtype=DT)
params = [log_ls, log_amp, log_noise]
xs, ys = tf.constant(Xtr, DT), tf.constant(ytr[:, None], DT)


def kernel(a, b):
    a, b = a / tf.exp(log_ls), b / tf.exp(log_ls)
    d2 = tf.reduce_sum((a[:, None, :] - b[None, :, :]) ** 2, -1)
    return tf.exp(2 * log_amp) * tf.exp(-0.5 * d2)


def chol():
    n = xs.shape[0]
    return tf.linalg.cholesky(kernel(xs, xs) + (tf.exp(2 * log_noise) + 1e-8) * tf.eye(n, dtype=DT))


def log_evidence():
    L = chol()
    alpha = tf.linalg.cholesky_solve(L, ys)
    fit = -0.5 * tf.reduce_sum(ys * alpha)
    complexity = -tf.reduce_sum(tf.math.log(tf.linalg.diag_part(L)))
    return fit + complexity - 0.5 * xs.shape[0] * np.log(2 * np.pi)


optimizer = tf.keras.optimizers.Adam(0.05)


@tf.function
def ascend():
    with tf.GradientTape() as tape:
        objective = log_evidence()
    grads = tape.gradient(objective, params)
    optimizer.apply_gradients([(-g, p) for g, p in zip(grads, params)])   # minus: go uphill
    return objective


for i in range(301):
    ev = ascend()
    if i % 50 == 0:
        print(f"iter {i:3d}  log evidence {ev.numpy():9.3f}  ls {np.round(np.exp(log_ls.numpy()), 2)}  "
              f"noise {np.exp(log_noise.numpy()):.3f}")


def predict(x):
    L = chol()
    ks = kernel(xs, tf.constant(x, DT))
    mean = tf.matmul(ks, tf.linalg.cholesky_solve(L, ys), transpose_a=True)[:, 0]
    v = tf.linalg.triangular_solve(L, ks)
    var = tf.exp(2 * log_amp) - tf.reduce_sum(v ** 2, 0) + tf.exp(2 * log_noise)
    return mean.numpy() + ymean, var.numpy()


for name, a, b in (("train", Xtr, ytr + ymean), ("test", Xte, yte)):
    m, v = predict(a)
    print(f"{name:5s} RMSE {np.sqrt(np.mean((m - b) ** 2)):.3f}  (constant {np.std(b):.3f})  "
          f"95% coverage {np.mean(np.abs(m - b) < 1.96 * np.sqrt(v)):.3f}")
