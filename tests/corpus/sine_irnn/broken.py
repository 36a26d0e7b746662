# IRNN (Le, Jaitly & Hinton 2015) by hand: next value of a sum of two sines
import numpy as np, tensorflow as tf

tf.random.set_seed(1); np.random.seed(1)
T, H, B = 60, 40, 64

t = np.arange(3000) * 0.1
series = (np.sin(t) + 0.5*np.sin(2.7*t + 1)).astype("f4")
series += 0.02*np.random.randn(len(series)).astype("f4")
win = np.lib.stride_tricks.sliding_window_view(series, T + 1)
tr, te = win[:2200], win[2400:]

Wx = tf.Variable(tf.random.normal([1, H], stddev=0.1))
Wh = tf.Variable(tf.eye(H))
bh = tf.Variable(tf.zeros([H]))
Wo = tf.Variable(tf.random.normal([H, 1], stddev=0.1))
bo = tf.Variable(tf.zeros([1]))
params = [Wx, Wh, bh, Wo, bo]
sgd = tf.keras.optimizers.SGD(0.02, momentum=0.9)


def run(x):
    h = tf.zeros([tf.shape(x)[0], H])
    for k in range(T):
        h = tf.nn.relu(x[:, k:k+1] @ Wx + h @ Wh + bh)
    return (h @ Wo + bo)[:, 0]


@tf.function
def train(x, y):
    with tf.GradientTape() as tape:
        err = tf.reduce_mean((run(x) - y)**2)
    grads = tape.gradient(err, params)
    clipped, norm = tf.clip_by_global_norm(grads, 0.5)  # expect-or: exploding-gradient
    sgd.apply_gradients(zip(grads, params))  # expect: exploding-gradient
    return err, norm


for it in range(401):
    w = tr[np.random.randint(0, len(tr), B)]
    err, norm = train(w[:, :-1], w[:, -1])
    if it % 40 == 0:
        print(it, "mse %.5f" % err.numpy(), "|g| %.4g" % norm.numpy())

test = np.mean((run(te[:, :-1]).numpy() - te[:, -1])**2)
print("test mse", test, " variance of the series", series.var())
