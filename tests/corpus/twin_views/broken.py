import numpy as np, tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
tf.random.set_seed(31); rng = np.random.default_rng(31)
X, y = load_digits(return_X_y=True); X = (X/16).astype('f4')
enc = tf.keras.Sequential([tf.keras.Input((64,)), tf.keras.layers.Dense(128, activation='relu'), tf.keras.layers.Dense(64, activation='relu'), tf.keras.layers.Dense(32)])
opt = tf.keras.optimizers.Adam(2e-3)
def view(a):
    return a*tf.random.uniform(tf.shape(a), .6, 1.4) * tf.cast(tf.random.uniform(tf.shape(a)) > .25, tf.float32)
def nt_xent(a, b, tau=200.0):  # expect: loss-wrong
    a, b = tf.math.l2_normalize(a, 1), tf.math.l2_normalize(b, 1)
    sim = tf.matmul(a, b, transpose_b=True)/tau  # expect-or: loss-wrong
    want = tf.range(tf.shape(a)[0])
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(want, sim))
@tf.function
def step(x):
    with tf.GradientTape() as t:
        l = nt_xent(enc(view(x)), enc(view(x)))
    g = t.gradient(l, enc.trainable_variables)
    opt.apply_gradients(zip(g, enc.trainable_variables))
    return l
for ep in range(20):
    o = rng.permutation(1400)
    for i in range(0, 1400, 100):
        l = step(X[o[i:i+100]])
    if ep % 5 == 4:
        print(ep, float(l))
f = enc(X).numpy()
print('probe', LogisticRegression(max_iter=2000).fit(f[:200], y[:200]).score(f[1400:], y[1400:]))
k = f/np.linalg.norm(f, axis=1, keepdims=True)
nn = (k[1400:] @ k[:1400].T).argmax(1)
print('retrieval', (y[:1400][nn] == y[1400:]).mean())
