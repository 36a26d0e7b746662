"""
Full-rank variational inference by hand for a Bayesian regression on Fourier features.
Because the model is conjugate, the ELBO must climb to the exact log evidence.
"""
import numpy as np
import tensorflow as tf
from numpy.linalg import slogdet, solve

dtype = tf.float64
rng = np.random.default_rng(30)
N, M, SIGMA, TAU = 80, 9, 0.3, 1.0

x = np.sort(rng.uniform(-3, 3, N))
Phi = np.concatenate([np.ones((N, 1))] + [np.stack([np.sin(k * x), np.cos(k * x)], 1) for k in (0.5, 1, 1.5, 2)], 1)
w_true = rng.normal(size=M)
y = Phi @ w_true + SIGMA * rng.normal(size=N)

# exact answers
C = SIGMA ** 2 * np.eye(N) + TAU ** 2 * Phi @ Phi.T
log_evidence = -0.5 * (y @ solve(C, y) + slogdet(C)[1] + N * np.log(2 * np.pi))
S_exact = np.linalg.inv(Phi.T @ Phi / SIGMA ** 2 + np.eye(M) / TAU ** 2)
m_exact = S_exact @ Phi.T @ y / SIGMA ** 2

Phi_t, y_t = tf.constant(Phi, dtype), tf.constant(y, dtype)
m = tf.Variable(tf.zeros(M, dtype))
raw = tf.Variable(tf.zeros([M, M], dtype))


def chol():
    low = tf.linalg.band_part(raw, -1, 0)
    return tf.linalg.set_diag(low, tf.nn.softplus(tf.linalg.diag_part(raw) - 1.0))


def elbo(eps):
    Lq = chol()
    w = m + eps @ tf.transpose(Lq)                       # (S, M)
    resid = y_t[None] - w @ tf.transpose(Phi_t)
    loglik = (-0.5 * tf.reduce_sum(resid ** 2, 1) / SIGMA ** 2
              - N * np.log(SIGMA) - 0.5 * N * np.log(2 * np.pi))
    kl = 0.5 * (tf.reduce_sum(Lq ** 2) / TAU ** 2 + tf.reduce_sum(m ** 2) / TAU ** 2 - M + 2 * M * np.log(TAU)
                - 2 * tf.reduce_sum(tf.math.log(tf.linalg.diag_part(Lq))))
    return tf.reduce_mean(loglik) - kl


@tf.function
def gradients(eps):
    with tf.GradientTape() as tape:
        value = elbo(eps)
    return value, tape.gradient(value, [m, raw])


# Adam, uphill
mom = [np.zeros(M), np.zeros((M, M))]
sq = [np.zeros(M), np.zeros((M, M))]
STEPS = 3000
print("exact log evidence  %.3f nats" % log_evidence)
trace = []
for k in range(1, STEPS + 1):
    half = rng.normal(size=(8, M))
    value, grads = gradients(tf.constant(np.concatenate([half, -half]), dtype))
    lr = 0.05 * 0.5 * (1 + np.cos(np.pi * k / STEPS)) + 2e-4
    for j, (var, g) in enumerate(zip((m, raw), grads)):
        g = g.numpy()
        mom[j] = 0.9 * mom[j] + 0.1 * g
        sq[j] = 0.999 * sq[j] + 0.001 * g * g
        var.assign_add(lr * (mom[j] / (1 - 0.9 ** k)) / (np.sqrt(sq[j] / (1 - 0.999 ** k)) + 1e-8))
    trace.append(float(value))
    if k in (1, 50, 200) or k % 500 == 0:
        print("step %5d   ELBO %12.3f" % (k, np.mean(trace[-50:])))

Lq = chol().numpy()
final = float(elbo(tf.constant(rng.normal(size=(4000, M)), dtype)))
print("final ELBO %.3f   gap %.3f nats" % (final, log_evidence - final))
print("max |mean - exact|       %.4f" % np.abs(m.numpy() - m_exact).max())
print("rel. error of covariance %.4f" % (np.linalg.norm(Lq @ Lq.T - S_exact) / np.linalg.norm(S_exact)))
