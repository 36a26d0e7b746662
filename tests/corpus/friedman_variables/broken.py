# No keras layers here on purpose: exercise sheet 4, "an MLP from scratch".
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_friedman1

rng = np.random.RandomState(2)
tf.random.set_seed(2)

X, t = make_friedman1(n_samples=2000, n_features=10, noise=0.3, random_state=2)
X = ((X - X.mean(0)) / X.std(0)).astype(np.float32)
t = ((t - t.mean()) / t.std()).astype(np.float32)[:, None]
X_train, t_train, X_test, t_test = X[:1600], t[:1600], X[1600:], t[1600:]

sizes = [10, 64, 64, 1]


def he(fan_in, fan_out):
    std = np.sqrt(fan_in / 2.0)  # expect: init-too-large
    return tf.Variable(rng.normal(0.0, std, size=(fan_in, fan_out)).astype(np.float32))


W = [he(i, o) for i, o in zip(sizes[:-1], sizes[1:])]
b = [tf.Variable(tf.zeros([o])) for o in sizes[1:]]


def f(x):
    for k in range(len(W)):
        x = x @ W[k] + b[k]
        if k < len(W) - 1:
            x = tf.nn.relu(x)
    return x


# Adam by hand as well
params = W + b
m = [tf.Variable(tf.zeros_like(p)) for p in params]
v = [tf.Variable(tf.zeros_like(p)) for p in params]
lr, beta1, beta2, step = 2e-3, 0.9, 0.999, 0

for epoch in range(1, 16):
    perm = rng.permutation(len(X_train))
    running = 0.0
    for s in range(0, len(perm), 64):
        idx = perm[s:s + 64]
        with tf.GradientTape() as tape:
            err = tf.reduce_mean(tf.square(f(X_train[idx]) - t_train[idx]))
        grads = tape.gradient(err, params)
        step += 1
        for p, g, mi, vi in zip(params, grads, m, v):
            mi.assign(beta1 * mi + (1 - beta1) * g)
            vi.assign(beta2 * vi + (1 - beta2) * g * g)
            mhat = mi / (1 - beta1 ** step)
            vhat = vi / (1 - beta2 ** step)
            p.assign_sub(lr * mhat / (tf.sqrt(vhat) + 1e-8))
        running += float(err) * len(idx)
    if epoch % 3 == 0:
        mse = float(tf.reduce_mean(tf.square(f(X_test) - t_test)))
        print("epoch %2d  train mse %.4f  test mse %.4f  R2 %.3f"
              % (epoch, running / len(perm), mse, 1 - mse / t_test.var()))
