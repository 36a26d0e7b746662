"""Contrastive pre-training on the 8x8 digits (no labels), judged by a linear probe on frozen features."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(21)
X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype("float32").reshape(-1, 8, 8, 1)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)


def view(x):
    """Random one-pixel shift, contrast, noise and a dropped 2x2 patch."""
    n = tf.shape(x)[0]
    p = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]])
    off = tf.random.uniform((n, 2), 0, 3, tf.int32)
    rows = off[:, :1] + tf.range(8)[None]
    cols = off[:, 1:] + tf.range(8)[None]
    x = tf.gather(tf.gather(p, rows, axis=1, batch_dims=1), cols, axis=2, batch_dims=1)
    x = x * tf.random.uniform((n, 1, 1, 1), 0.7, 1.3) + tf.random.normal(tf.shape(x), stddev=0.08)
    hole = tf.cast(tf.random.uniform((n, 4, 4, 1)) > 0.1, tf.float32)
    return x * tf.repeat(tf.repeat(hole, 2, axis=1), 2, axis=2)


encoder = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.Conv2D(64, 3, strides=2, padding="same", activation="relu"),
    layers.Flatten(),
    layers.Dense(64, activation="relu"),
])
projector = keras.Sequential([keras.Input((64,)), layers.Dense(64, activation="relu"), layers.Dense(32)])
variables = encoder.trainable_variables + projector.trainable_variables
opt = keras.optimizers.Adam(1e-3)
TEMP, B = 0.2, 128


def nt_xent(xa, xb, training):
    z = tf.concat([projector(encoder(v, training=training), training=training) for v in (xa, xb)], 0)
    z = tf.math.l2_normalize(z, -1)
    n = tf.shape(xa)[0]
    sim = tf.matmul(z, z, transpose_b=True) / TEMP
    sim = tf.linalg.set_diag(sim, tf.fill((2 * n,), -1e9))           # a view is not its own candidate
    # the "label" of row i is the position of its partner view
    partner = tf.concat([tf.range(n, 2 * n), tf.range(n)], 0)
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=partner, logits=sim))
    hit = tf.reduce_mean(tf.cast(tf.argmax(sim, -1, output_type=tf.int32) == partner, tf.float32))
    return loss, hit


@tf.function
def step(x):
    xa, xb = view(x), view(x)
    with tf.GradientTape() as tape:
        loss, hit = nt_xent(xa, xb, True)
    opt.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss, hit


def probe():
    f = lambda a: encoder.predict(a, verbose=0, batch_size=512)
    few = np.concatenate([np.flatnonzero(ytr == c)[:5] for c in range(10)])     # 5 labels per class
    F, G = f(Xtr), f(Xte)
    mu, sd = F.mean(0), F.std(0) + 1e-3
    F, G = (F - mu) / sd, (G - mu) / sd
    few_acc = LogisticRegression(max_iter=2000).fit(F[few], ytr[few]).score(G, yte)
    full = LogisticRegression(max_iter=2000).fit(F, ytr)
    return few_acc, full.score(F, ytr), full.score(G, yte)


print("chance NT-Xent: %.3f" % np.log(2 * B - 1))
print("untrained encoder  probe(50 labels) %.3f  probe(all) train %.3f test %.3f" % probe())
ds = tf.data.Dataset.from_tensor_slices(Xtr).shuffle(len(Xtr), seed=1).batch(B, drop_remainder=True).prefetch(2)
for epoch in range(1, 21):
    r = np.mean([[float(v) for v in step(x)] for x in ds], 0)
    if epoch % 5 == 0:
        xv = tf.constant(Xte[:B])
        lv, hv = nt_xent(view(xv), view(xv), False)
        print(f"epoch {epoch:2d}  nt-xent {r[0]:.3f} top1 {r[1]:.3f}   held-out {float(lv):.3f} top1 {float(hv):.3f}")
print("trained encoder    probe(50 labels) %.3f  probe(all) train %.3f test %.3f" % probe())
