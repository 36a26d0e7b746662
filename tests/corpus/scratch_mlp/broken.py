# two-layer net from scratch, SGD with decoupled weight decay
import numpy as np, tensorflow as tf
from sklearn.datasets import load_digits

lr, wd, mom, bs, n_epochs = 0.1, 0.02, 0.9, 64, 15
tf.random.set_seed(1); np.random.seed(1)

d = load_digits()
p = np.random.permutation(1797)
X, T = tf.constant(d.data[p] / 16.0 - 0.3, tf.float32), tf.constant(d.target[p], tf.int32)
Xa, Ta, Xb, Tb = X[:1400], T[:1400], X[1400:], T[1400:]

def glorot(i, o): return tf.Variable(tf.random.normal((i, o)) * np.sqrt(2.0 / (i + o)))
W = [glorot(64, 96), glorot(96, 48), glorot(48, 10)]
B = [tf.Variable(tf.zeros(n)) for n in (96, 48, 10)]
V = [tf.Variable(tf.zeros_like(v)) for v in W + B]

def net(x):
    h = tf.nn.relu(x @ W[0] + B[0])
    h = tf.nn.relu(h @ W[1] + B[1])
    return h @ W[2] + B[2]

@tf.function
def step(x, t):
    with tf.GradientTape() as g:
        L = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(t, net(x)))
    for v, m, dv in zip(W + B, V, g.gradient(L, W + B)):
        m.assign(mom * m + (1 - mom) * dv)
        v.assign_sub(lr * m)
    for w in W:
        w.assign_sub(wd * w)  # expect: regularisation-too-strong
    return L

for ep in range(n_epochs):
    q = np.random.permutation(1400)
    ls = [step(tf.gather(Xa, q[i:i+bs]), tf.gather(Ta, q[i:i+bs])).numpy() for i in range(0, 1400, bs)]
    print(ep, "loss %.4f" % np.mean(ls))

print("test acc %.4f" % np.mean(np.argmax(net(Xb), 1) == Tb.numpy()))
