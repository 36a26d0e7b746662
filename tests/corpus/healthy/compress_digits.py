# Deep compression in miniature: train -> prune -> 4-bit fine-tuning.
import numpy as np, tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

rng = np.random.default_rng(5); tf.random.set_seed(5)

X, t = load_digits(return_X_y=True)
X = (X / 16.0).astype(np.float32); t = t.astype(np.int32)
Xa, Xb, ta, tb = train_test_split(X, t, test_size=0.25, random_state=5, stratify=t)

SIZES = [64, 96, 64, 10]
Ws = [tf.Variable(rng.normal(0, np.sqrt(2 / i), (i, o)).astype(np.float32)) for i, o in zip(SIZES, SIZES[1:])]
bs = [tf.Variable(tf.zeros(o)) for o in SIZES[1:]]
masks = [tf.Variable(tf.ones_like(w), trainable=False) for w in Ws]
mom = [tf.Variable(tf.zeros_like(v), trainable=False) for v in Ws + bs]
quantised = tf.Variable(False)
lr = tf.Variable(0.1)


@tf.custom_gradient
def round_ste(x):
    return tf.round(x), lambda dy: dy


def q4(w):
    # symmetric, one scale per output column, 15 levels
    s = tf.stop_gradient(tf.reduce_max(tf.abs(w), axis=0, keepdims=True)) / 7.0 + 1e-8
    return round_ste(w / s) * s


def net(x):
    for k, (w, b, m) in enumerate(zip(Ws, bs, masks)):
        wm = w * m
        wm = tf.cond(quantised, lambda: q4(wm), lambda: wm)
        x = x @ wm + b
        if k < 2: x = tf.nn.relu(x)
    return x


@tf.function
def step(x, y):
    with tf.GradientTape() as g:
        ce = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, net(x)))
        L = ce + 2e-4 * tf.add_n([tf.nn.l2_loss(w) for w in Ws])
    ps = Ws + bs
    for p, v, d in zip(ps, mom, g.gradient(L, ps)):
        v.assign(0.9 * v + d)
        p.assign_sub(lr * v)
    return ce


def run(epochs, tag):
    for e in range(epochs):
        idx = rng.permutation(len(Xa)); tot = 0.0; n = 0
        for s in range(0, len(idx) - 31, 32):
            j = idx[s:s + 32]; tot += float(step(Xa[j], ta[j])); n += 1
        if e == epochs - 1 or e % 4 == 0:
            print(f"{tag:8s} epoch {e:2d}  ce {tot / n:.4f}  acc {acc():.4f}  density {density():.2f}")


acc = lambda: float(np.mean(np.argmax(net(Xb), 1) == tb))
density = lambda: sum(float(tf.reduce_sum(m)) for m in masks) / sum(int(tf.size(m)) for m in masks)

run(12, "dense")

lr.assign(0.03)
for keep in (0.6, 0.4, 0.25, 0.15):
    for w, m in zip(Ws[:2], masks[:2]):                    # the small last layer stays dense
        a = np.abs(w.numpy() * m.numpy())
        m.assign((a >= np.quantile(a, 1 - keep)).astype(np.float32))
        w.assign(w * m)
    run(3, f"keep {keep:.2f}")

for v in mom: v.assign(tf.zeros_like(v))
quantised.assign(True); lr.assign(0.01)
print("right after rounding:", round(acc(), 4))
run(8, "4 bit")
print(f"final accuracy {acc():.4f} with {100 * density():.0f} % of the weights, 4 bits each")
