"""Stein variational gradient descent on a Bayesian logistic regression (breast cancer)."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(7)
X, y = load_breast_cancer(return_X_y=True)
X = X[:, [0, 1, 4, 7, 20, 21, 24, 27]]
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.4, random_state=7, stratify=y)
sc = StandardScaler().fit(Xa)
design = lambda A: np.c_[np.ones(len(A)), sc.transform(A)]
A, B = tf.constant(design(Xa)), tf.constant(design(Xb))
ta, tb = tf.constant(ya.astype(float)), yb
PRIOR_SD, K = 2.0, 50
P = A.shape[1]


def log_joint(W):
    """(K, P) particles -> (K,) log p(y, w)."""
    logits = tf.matmul(W, A, transpose_b=True)
    ll = tf.reduce_sum(ta * logits - tf.nn.softplus(logits), 1)
    return ll - 0.5 * tf.reduce_sum(W ** 2, 1) / PRIOR_SD ** 2


@tf.function
def stein(W):
    with tf.GradientTape() as tape:
        tape.watch(W)
        lp = log_joint(W)
    score = tape.gradient(lp, W)
    diff = W[:, None] - W[None]
    d2 = tf.reduce_sum(diff ** 2, -1)
    med = tf.sort(tf.reshape(d2, [-1]))[K * K // 2]
    h = med / np.log(K + 1.0)
    kern = tf.exp(-d2 / h)
    drive = tf.matmul(kern, score)
    repulse = 2.0 / h * tf.reduce_sum(kern[..., None] * diff, 1)
    return (drive + repulse) / K, lp


def predict(W):
    return tf.reduce_mean(tf.sigmoid(tf.matmul(W, B, transpose_b=True)), 0).numpy()


def log_score(p):
    return np.mean(np.where(tb == 1, np.log(p), np.log1p(-p)))


W = tf.Variable(rng.normal(0, 0.1, (K, P)))
acc = np.zeros((K, P))
eps = 0.1
for it in range(1001):
    if it == 700:
        eps = 0.02
    phi, lp = stein(W)
    phi = phi.numpy()
    acc = phi ** 2 if it == 0 else 0.95 * acc + 0.05 * phi ** 2
    W.assign_add(eps * phi / (1e-6 + np.sqrt(acc)))
    if it % 125 == 0:
        p = predict(W)
        print(f"{it:4d}  mean log joint {lp.numpy().mean():9.3f}  |phi| {np.abs(phi).mean():8.4f}  "
              f"spread {W.numpy().std(0).mean():.3f}  test log score {log_score(p):.4f}  acc {np.mean((p > .5) == tb):.3f}")

# a long random-walk Metropolis run as the yardstick
mode = W.numpy().mean(0)
cov = np.cov(W.numpy().T) + 0.05 * np.eye(P)
L = np.linalg.cholesky(cov) * 2.38 / np.sqrt(P)
An, tn = A.numpy(), ta.numpy()
target = lambda w: np.sum(tn * (An @ w) - np.logaddexp(0, An @ w)) - 0.5 * w @ w / PRIOR_SD ** 2
w, f, kept, moved = mode, target(mode), [], 0
for i in range(20000):
    prop = w + L @ rng.normal(size=P)
    fp = target(prop)
    if np.log(rng.random()) < fp - f:
        w, f, moved = prop, fp, moved + 1
    if i >= 2000 and i % 5 == 0:
        kept.append(w)
kept = np.array(kept)
print(f"Metropolis: acceptance {moved / 20000:.2f}, test log score {log_score(predict(kept)):.4f}")
print("coef     " + " ".join(f"{v:6d}" for v in range(P)))
print("mcmc mean" + " ".join(f"{v:6.2f}" for v in kept.mean(0)))
print("svgd mean" + " ".join(f"{v:6.2f}" for v in W.numpy().mean(0)))
print("mcmc sd  " + " ".join(f"{v:6.2f}" for v in kept.std(0)))
print("svgd sd  " + " ".join(f"{v:6.2f}" for v in W.numpy().std(0)))
lr = LogisticRegression(C=4.0, max_iter=2000).fit(design(Xa)[:, 1:], ya)
p = lr.predict_proba(design(Xb)[:, 1:])[:, 1]
print(f"one mode (scikit-learn): test log score {log_score(p):.4f}, acc {np.mean((p > .5) == tb):.3f}")
