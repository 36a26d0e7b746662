import numpy as np, tensorflow as tf

np.random.seed(8); tf.random.set_seed(8)

# hourly demand, heteroscedastic; want p10 / p50 / p90
N = 4000
hour = np.random.uniform(0, 24, N)
temp = np.random.normal(12, 8, N)
base = 2.0 + np.sin(hour / 24 * 2 * np.pi) * 1.2 + 0.05 * np.maximum(0, temp - 18) ** 1.3
y = base + np.random.gumbel(0, 0.15 + 0.03 * np.abs(temp - 12), N)
F = np.stack([np.sin(hour / 24 * 2 * np.pi), np.cos(hour / 24 * 2 * np.pi), (temp - 12) / 8, np.abs(temp - 12) / 8], 1).astype("f")
y = y.astype("f")[:, None]
Xtr, Xte, ytr, yte = F[:3200], F[3200:], y[:3200], y[3200:]

TAUS = tf.constant([[0.1, 0.5, 0.9]])


def glorot(a, b):
    s = np.sqrt(6 / (a + b))
    return tf.Variable(tf.random.uniform((a, b), -s, s))


W1, b1 = glorot(4, 32), tf.Variable(tf.zeros(32))
W2, b2 = glorot(32, 32), tf.Variable(tf.zeros(32))
W3, b3 = glorot(32, 3), tf.Variable(tf.zeros(3))
theta = [W1, b1, W2, b2, W3, b3]


def f(x):
    h = tf.tanh(x @ W1 + b1)
    h = tf.tanh(h @ W2 + b2)
    return h @ W3 + b3


def pinball(y, q):
    e = y - q                       # (N,1) - (N,3): one column per quantile
    return tf.reduce_mean(tf.maximum(TAUS * e, (TAUS - 1) * e))


opt = tf.keras.optimizers.Adam(4e-3)


@tf.function
def train(x, t):
    with tf.GradientTape() as g:
        l = pinball(t, f(x))
    opt.apply_gradients(zip(g.gradient(l, theta), theta))
    return l


for ep in range(40):
    p = np.random.permutation(len(Xtr))
    tot = 0.
    for s in range(0, len(p), 100):
        j = p[s:s + 100]
        tot += float(train(Xtr[j], ytr[j]))
    if ep % 8 == 7:
        print(ep + 1, "train %.4f  test %.4f" % (tot / 32, float(pinball(yte, f(Xte)))))

q = f(Xte).numpy()
print("coverage", (yte < q).mean(0))
const = np.quantile(ytr, [0.1, 0.5, 0.9])[None].astype("f")
print("constant quantiles give", float(pinball(yte, tf.constant(const))))
