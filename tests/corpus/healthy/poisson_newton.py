#!/usr/bin/env python
# Poisson regression of claim counts, fitted by damped Newton steps.
# All coefficients start at zero: the likelihood is concave, so it does not matter.
# Eight "epochs" of the full table are all it takes.
import numpy as np
import tensorflow as tf

tf.keras.backend.set_floatx("float64")
rs = np.random.RandomState(1912)

# ---- policies ---------------------------------------------------------------
N = 8000
age = rs.uniform(18, 80, N)
power = rs.gamma(4.0, 25.0, N)
urban = rs.binomial(1, 0.4, N)
region = rs.randint(0, 4, N)
exposure = rs.uniform(0.2, 1.0, N)          # years insured

region_dummies = np.eye(4)[region][:, 1:]   # region 0 is the reference
table = np.column_stack([
    np.ones(N),
    (age - 45) / 15,
    ((age - 45) / 15) ** 2,
    np.log(power / 100),
    urban,
    region_dummies,
])
names = ["const", "age", "age2", "log_power", "urban", "reg1", "reg2", "reg3"]
beta_true = np.array([-1.6, -0.20, 0.12, 0.45, 0.30, -0.25, 0.10, 0.40])
claims = rs.poisson(exposure * np.exp(table @ beta_true)).astype("float64")

train = np.arange(N) < 6000                 # policies are in no order
X, y, off = (tf.constant(a[train]) for a in (table, claims, np.log(exposure)))
Xt, yt, offt = (tf.constant(a[~train]) for a in (table, claims, np.log(exposure)))

# ---- model ------------------------------------------------------------------
beta = tf.Variable(tf.zeros(len(names), tf.float64))


def nll(b, X, y, off):
    """Mean negative log-likelihood without the constant ln(y!); may well be negative."""
    eta = tf.linalg.matvec(X, b) + off
    return tf.reduce_mean(tf.exp(eta) - y * eta)


for it in range(8):
    with tf.GradientTape(persistent=True) as outer:
        with tf.GradientTape() as inner:
            loss = nll(beta, X, y, off)
        grad = inner.gradient(loss, beta)
    hessian = outer.jacobian(grad, beta, experimental_use_pfor=False)
    direction = tf.linalg.solve(hessian, grad[:, None])[:, 0]

    size = 1.0
    while nll(beta - size * direction, X, y, off) > loss - 1e-4 * size * tf.tensordot(grad, direction, 1):
        size /= 2
        if size < 1e-6:                     # at the optimum to machine precision
            size = 0.0
            break
    beta.assign_sub(size * direction)
    print(f"iteration {it}: nll {loss.numpy():.8f}  |grad| {tf.norm(grad).numpy():.2e}  step {size:g}")

# ---- how good is it? --------------------------------------------------------
stderr = np.sqrt(np.diag(np.linalg.inv(hessian.numpy() * 6000)))
for name, b, s, t in zip(names, beta.numpy(), stderr, beta_true):
    print(f"  {name:10s} {b:+.3f} +- {s:.3f}   true {t:+.3f}")


def deviance(y, mu):
    term = np.where(y > 0, y * np.log(np.maximum(y, 1) / mu), 0.0)
    return 2 * np.mean(term - (y - mu))


mu = np.exp(Xt.numpy() @ beta.numpy() + offt.numpy())
rate = y.numpy().sum() / np.exp(off.numpy()).sum()
d_model, d_null = deviance(yt.numpy(), mu), deviance(yt.numpy(), rate * np.exp(offt.numpy()))
d_truth = deviance(yt.numpy(), np.exp(Xt.numpy() @ beta_true + offt.numpy()))
print(f"test deviance: model {d_model:.4f}, constant rate {d_null:.4f}, true coefficients {d_truth:.4f}")
