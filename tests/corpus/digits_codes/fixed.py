# 8x8 digits -> 8 numbers -> 8x8 digits
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.random.set_seed(0); np.random.seed(0)
imgs = (load_digits().data / 16.0).astype(np.float32)
tr, te = train_test_split(imgs, test_size=0.25, random_state=0)

D, H, CODE = 64, 48, 8


def dense_vars(a, b):
    lim = np.sqrt(6.0 / (a + b))
    return [tf.Variable(tf.random.uniform([a, b], -lim, lim)), tf.Variable(tf.zeros([b]))]


enc = dense_vars(D, H) + dense_vars(H, CODE)
dec = dense_vars(CODE, H) + dense_vars(H, D)
theta = enc + dec


def reconstruct(x):
    code = tf.nn.relu(x @ enc[0] + enc[1]) @ enc[2] + enc[3]
    # keep the codes in the box the plotting tool expects
    code = tf.clip_by_value(code, -4.0, 4.0)
    return tf.nn.relu(code @ dec[0] + dec[1]) @ dec[2] + dec[3]


def mse(a, b):
    return tf.reduce_mean(tf.math.squared_difference(a, b))


class Adam:
    """Kingma & Ba, algorithm 1"""

    def __init__(self, params, lr, b1=0.9, b2=0.999, eps=1e-7):
        self.params, self.lr, self.b1, self.b2, self.eps = params, lr, b1, b2, eps
        self.m = [np.zeros(p.shape, np.float32) for p in params]
        self.v = [np.zeros(p.shape, np.float32) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        a = self.lr * np.sqrt(1 - self.b2 ** self.t) / (1 - self.b1 ** self.t)
        for i, (p, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            g = g.numpy()
            self.m[i] += (1 - self.b1) * (g - self.m[i])
            self.v[i] += (1 - self.b2) * (g * g - self.v[i])
            p.assign_sub(a * self.m[i] / (np.sqrt(self.v[i]) + self.eps))


adam = Adam(theta, 0.004)
bs = 64
for epoch in range(48):
    perm = np.random.permutation(len(tr))
    hist = []
    for k in range(0, len(tr) - bs + 1, bs):
        x = tf.constant(tr[perm[k:k + bs]])
        with tf.GradientTape() as tape:
            J = mse(reconstruct(x), x)
        dJ = tape.gradient(J, theta)
        adam.step(dJ)
        hist.append(J.numpy())
    if epoch % 6 == 5:
        print("epoch %2d   train %.4f   test %.4f" % (epoch + 1, np.mean(hist), mse(reconstruct(te), te)))

print("mean image only: %.4f" % mse(tr.mean(0, keepdims=True), te))
