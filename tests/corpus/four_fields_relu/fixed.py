import numpy as np
import tensorflow as tf
from sklearn.preprocessing import StandardScaler

np.random.seed(4)
tf.random.set_seed(4)

# ------------------------------------------------------------------ data
# 2-dim points, 4 classes: the arms of a pinwheel (4 crops around a pivot irrigator)
def pinwheel(n_per_arm):
    X, Y = [], []
    for arm in range(4):
        r = np.abs(np.random.normal(1.2, 0.45, n_per_arm)) + .15
        phi = arm * np.pi / 2 + 0.9 * r + np.random.normal(0, 0.16, n_per_arm)
        X.append(np.c_[420 + 160 * r * np.cos(phi), 310 + 160 * r * np.sin(phi)])
        Y.append(np.full(n_per_arm, arm))
    return np.concatenate(X), np.concatenate(Y)

X, Y = pinwheel(300)
Xt, Yt = pinwheel(100)
scaler = StandardScaler().fit(X)
X = scaler.transform(X).astype("float32")
Xt = scaler.transform(Xt).astype("float32")

# --------------------------------------------------------------- network
sizes = [2, 10, 10, 10, 10, 4]
rate = 0.01
mu = 0.9
epochs = 60
batch = 30

Ws = [tf.Variable(tf.random.normal([a, b], stddev=np.sqrt(2.0 / a))) for a, b in zip(sizes[:-1], sizes[1:])]
bs = [tf.Variable(tf.zeros([b])) for b in sizes[1:]]
params = Ws + bs
speed = [tf.Variable(tf.zeros_like(p), trainable=False) for p in params]


def net(x):
    for W, b in zip(Ws[:-1], bs[:-1]):
        x = tf.nn.relu(x @ W + b)
    return x @ Ws[-1] + bs[-1]


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=net(x)))
    for p, v, g in zip(params, speed, tape.gradient(loss, params)):
        v.assign(mu * v - rate * g)
        p.assign_add(v)
    return loss


def accuracy(x, y):
    return float(np.mean(np.argmax(net(x).numpy(), 1) == y))


# -------------------------------------------------------------- training
for epoch in range(epochs):
    idx = np.random.permutation(len(X))
    losses = []
    for i in range(0, len(X), batch):
        k = idx[i:i + batch]
        losses.append(float(step(tf.constant(X[k]), tf.constant(Y[k]))))
    if epoch % 10 == 9:
        print("epoch %2d  loss %.4f  acc %.3f" % (epoch + 1, np.mean(losses), accuracy(X, Y)))

print("predicted classes:", np.bincount(np.argmax(net(Xt).numpy(), 1), minlength=4))
print("test accuracy: %.3f" % accuracy(Xt, Yt))
