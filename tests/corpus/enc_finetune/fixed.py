import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

# Fine-tuning of the January autoencoder's encoder for digit classification.
# Plain variables, Nesterov momentum written out.

CKPT = 'encoder_2401.npz'
LR, MU, STEPS, BATCH = 0.05, 0.9, 700, 50

rs = np.random.RandomState(7)

X, y = load_digits(return_X_y=True)
X = (X / 16.).astype(np.float32)
Xtr, Xte, ytr, yte = train_test_split(X, y.astype(np.int32), train_size=900, random_state=7, stratify=y)


def restore(path):
    layers = []
    with np.load(path) as z:
        depth = sum(k.endswith('/w') for k in z.files)
        for i in range(depth):
            w = tf.Variable(z['enc%d/w' % i].astype(np.float32))
            b = tf.Variable(z['enc%d/b' % i].astype(np.float32))
            layers.append((w, b))
    return layers


encoder = restore(CKPT)
code = encoder[-1][0].shape[1]
head_w = tf.Variable(rs.randn(code, 10).astype(np.float32) * (1. / code) ** .5)
head_b = tf.Variable(np.zeros(10, np.float32))

theta = [t for pair in encoder for t in pair] + [head_w, head_b]
speed = [tf.Variable(tf.zeros_like(t)) for t in theta]


def logits_of(a):
    for w, b in encoder:
        a = tf.tanh(a @ w + b)
    return a @ head_w + head_b


@tf.function
def iterate(xb, yb):
    with tf.GradientTape() as g:
        l = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(yb, logits_of(xb)))
    for t, v, d in zip(theta, speed, g.gradient(l, theta)):
        v.assign(MU * v - LR * d)
        t.assign_add(MU * v - LR * d)
    return l


run = 0.
for k in range(1, STEPS + 1):
    pick = rs.randint(0, len(Xtr), BATCH)
    run += float(iterate(tf.constant(Xtr[pick]), tf.constant(ytr[pick])))
    if k % 100 == 0:
        hit = np.argmax(logits_of(Xte).numpy(), 1) == yte
        print('step %4d | loss %.3f | test acc %.3f' % (k, run / 100, hit.mean()))
        run = 0.

print('accuracy on held-out digits: %.3f' % (np.argmax(logits_of(Xte).numpy(), 1) == yte).mean())
