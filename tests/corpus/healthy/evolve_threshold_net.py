"""A net of hard threshold units has no useful gradient: evolve it instead."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer

np.random.seed(31)
tf.random.set_seed(31)

data = load_breast_cancer()
perm = np.random.permutation(len(data.target))
tr, te = perm[:400], perm[400:]
mean, std = data.data[tr].mean(0), data.data[tr].std(0)
X = ((data.data - mean) / std).astype(np.float32)
y = data.target.astype(np.float32)

D, H = X.shape[1], 12
SPLIT = [D * H, H, H, 1]
N_PAR = sum(SPLIT)
POP, SIGMA, RATE, DECAY, GENERATIONS = 32, 0.12, 0.06, 0.01, 120

centre = tf.Variable(tf.random.normal([N_PAR], stddev=0.25), trainable=False)
momentum = tf.Variable(tf.zeros([N_PAR]), trainable=False)
second = tf.Variable(tf.zeros([N_PAR]), trainable=False)


def logits(flat, x):
    """flat: [P, N_PAR] -> [P, rows]"""
    w1, b1, w2, b2 = tf.split(flat, SPLIT, axis=1)
    w1 = tf.reshape(w1, [-1, D, H])
    h = tf.sign(tf.einsum("nd,pdh->pnh", x, w1) + b1[:, None, :])
    return tf.einsum("pnh,ph->pn", h, w2) + b2


def fitness(flat, x, t):
    z = logits(flat, x)
    ll = -tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.broadcast_to(t, tf.shape(z)), logits=z)
    return tf.reduce_mean(ll, axis=1)


@tf.function
def generation(x, t, gen):
    half = tf.random.normal([POP // 2, N_PAR])
    noise = tf.concat([half, -half], 0)
    score = fitness(centre[None] + SIGMA * noise, x, t)
    rank = tf.cast(tf.argsort(tf.argsort(score)), tf.float32) / (POP - 1) - 0.5
    direction = tf.linalg.matvec(noise, rank, transpose_a=True) / (POP * SIGMA) - DECAY * centre
    momentum.assign(0.9 * momentum + 0.1 * direction)
    second.assign(0.99 * second + 0.01 * direction ** 2)
    m = momentum / (1 - 0.9 ** gen)
    v = second / (1 - 0.99 ** gen)
    centre.assign_add(RATE * (1 - gen / (GENERATIONS + 20)) * m / (tf.sqrt(v) + 1e-8))
    return tf.reduce_mean(score), tf.reduce_max(score)


def accuracy(rows):
    z = logits(centre[None], X[rows])[0].numpy()
    return np.mean((z > 0) == (y[rows] > 0.5))


print("start: train %.3f test %.3f" % (accuracy(tr), accuracy(te)))
xt, yt = tf.constant(X[tr]), tf.constant(y[tr])
for g in range(1, GENERATIONS + 1):
    avg, best = generation(xt, yt, tf.constant(float(g)))
    if g % 20 == 0 or g == GENERATIONS:
        print("gen %3d  log-lik mean %.3f best %.3f  train %.3f  test %.3f"
              % (g, avg, best, accuracy(tr), accuracy(te)))
print("test accuracy %.3f; always 'benign' would score %.3f" % (accuracy(te), y[te].mean()))
