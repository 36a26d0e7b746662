# loss becomes nan after some hundred steps with MY distance loss (works with mse)
# what I want: embed 2 points of a pair, distance in embedding space = distance of the labels
import argparse
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_friedman1
from sklearn.preprocessing import scale

ap = argparse.ArgumentParser()
ap.add_argument('--steps', type=int, default=1500)
ap.add_argument('--lr', type=float, default=2e-3)
ap.add_argument('--dim', type=int, default=4)
args = ap.parse_args()

rs = np.random.RandomState(8)
tf.random.set_seed(8)
X, y = make_friedman1(n_samples=1500, n_features=6, noise=0.3, random_state=8)
X = scale(X).astype('float32')
y = scale(y).astype('float32')
Xtr, ytr, Xte, yte = X[:1200], y[:1200], X[1200:], y[1200:]

emb = tf.keras.Sequential([
    tf.keras.layers.Input((6,)),
    tf.keras.layers.Dense(48, activation='tanh'),
    tf.keras.layers.Dense(48, activation='tanh'),
    tf.keras.layers.Dense(args.dim),
])
opt = tf.keras.optimizers.Adam(args.lr)


def euclid(a, b):
    sq = tf.reduce_sum(tf.square(a - b), axis=-1)
    return tf.sqrt(sq)  # expect: loss-numerics


def pair_loss(a, b, target):
    d = euclid(a, b)  # expect-or: loss-numerics
    return tf.reduce_mean(tf.abs(d - target))  # expect-or: loss-numerics


@tf.function
def train(xa, xb, target):
    with tf.GradientTape() as tape:
        loss = pair_loss(emb(xa), emb(xb), target)  # expect-or: loss-numerics
    grads = tape.gradient(loss, emb.trainable_weights)  # expect-or: loss-numerics
    opt.apply_gradients(zip(grads, emb.trainable_weights))
    return loss


for step in range(args.steps):
    i = rs.randint(0, 1200, size=16)
    j = rs.randint(0, 1200, size=16)
    human = 0.1 * rs.randn(16)            # every pair was compared by a person, not exact
    loss = train(Xtr[i], Xtr[j], np.abs(ytr[i] - ytr[j] + human).astype('float32'))
    if step % 150 == 0:
        print(step, float(loss))

i, j = rs.randint(0, 300, size=(2, 2000))
d = euclid(emb(Xte[i]), emb(Xte[j])).numpy()
t = np.abs(yte[i] - yte[j])
print('mean abs error of the distance:', np.abs(d - t).mean(), ' (constant answer:', np.abs(t - np.median(t)).mean(), ')')
