"""Vanilla RNN, weights by hand. Which of four waveforms is it? (sine / square / saw / chirp, noisy, random phase)"""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(2)
tf.random.set_seed(2)
T, HID, NCLS = 30, 48, 4


def make(n):
    lab = rs.randint(0, NCLS, n)
    t = np.arange(T)[None, :] / T
    f = rs.uniform(1.5, 3.0, (n, 1)); ph = rs.uniform(0, 1, (n, 1))
    u = f * t + ph
    forms = np.stack([np.sin(2 * np.pi * u),
                      np.sign(np.sin(2 * np.pi * u)),
                      2 * (u % 1) - 1,
                      np.sin(2 * np.pi * (u + 2.0 * f * t ** 2))], 1)
    x = forms[np.arange(n), lab] + 0.1 * rs.randn(n, T)
    return x[..., None].astype("float32"), lab.astype("int64")


xtr, ytr = make(2400)
xte, yte = make(600)

Wx = tf.Variable(tf.random.normal((1, HID)), name="Wx")
Wh = tf.Variable(tf.random.normal((HID, HID), stddev=HID ** -0.5), name="Wh")
bh = tf.Variable(tf.zeros((HID,)), name="bh")
Wo = tf.Variable(tf.random.normal((HID, NCLS), stddev=HID ** -0.5), name="Wo")
bo = tf.Variable(tf.zeros((NCLS,)), name="bo")
weights = [Wx, Wh, bh, Wo, bo]
optim = tf.keras.optimizers.Adam(4e-3)
optim.build(weights)


def rnn(x):
    h = tf.zeros((tf.shape(x)[0], HID))
    acc = h
    for k in range(T):
        h = tf.tanh(x[:, k] @ Wx + h @ Wh + bh)
        acc += h
    return (acc / T) @ Wo + bo


@tf.function(input_signature=[tf.TensorSpec((None, T, 1)), tf.TensorSpec((None,), tf.int64)])
def learn(x, y):
    with tf.GradientTape() as tape:
        L = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, rnn(x)))
    grads, _ = tf.clip_by_global_norm(tape.gradient(L, weights), 1.0)
    optim.apply_gradients(zip(grads, weights))
    return L


for epoch in range(20):
    ix = rs.permutation(len(xtr))
    mean_L = np.mean([learn(xtr[j], ytr[j]).numpy() for j in np.split(ix, 40)])
    if (epoch + 1) % 4 == 0:
        acc = (rnn(xte).numpy().argmax(1) == yte).mean()
        print("%02d  xent %.3f  test acc %.3f" % (epoch + 1, mean_L, acc))
