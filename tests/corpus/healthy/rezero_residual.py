# 24 residual blocks, each multiplied by a gate that starts at exactly 0 (ReZero),
# and a classifier whose kernel starts at 0 too. At step 0 the net is the identity
# followed by "all classes equally likely": loss = ln(10).
import math
import numpy as np, tensorflow as tf
from keras import datasets

rng = np.random.default_rng(11)
tf.random.set_seed(11)

(xa, ya), (xb, yb) = datasets.fashion_mnist.load_data()
xa = xa.reshape(len(xa), -1).astype(np.float32) / 255. - 0.29
xb = xb.reshape(len(xb), -1).astype(np.float32) / 255. - 0.29
ya, yb = ya.astype(np.int32).ravel(), yb.astype(np.int32).ravel()

WIDTH, BLOCKS = 64, 24


def he(n_in, n_out):
    return tf.Variable(rng.normal(0, math.sqrt(2 / n_in), (n_in, n_out)).astype(np.float32))


def zeros(*shape):
    return tf.Variable(tf.zeros(shape))


stem = he(784, WIDTH), zeros(WIDTH)
blocks = [dict(w=he(WIDTH, WIDTH), b=zeros(WIDTH), gate=zeros()) for _ in range(BLOCKS)]
head = zeros(WIDTH, 10), zeros(10)
params = [*stem, *head] + [v for blk in blocks for v in blk.values()]


def logits_of(x):
    h = tf.nn.relu(x @ stem[0] + stem[1])
    for blk in blocks:
        h = h + blk["gate"] * tf.nn.relu(h @ blk["w"] + blk["b"])
    return h @ head[0] + head[1]


opt = tf.keras.optimizers.Adam(1e-3)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits_of(x))
        loss = tf.reduce_mean(ce)
    opt.apply_gradients(zip(tape.gradient(loss, params), params))
    return loss


for epoch in range(12):
    order = rng.permutation(len(xa))
    losses = []
    for i in range(0, len(order), 64):
        pick = order[i:i + 64]
        losses.append(float(step(tf.constant(xa[pick]), tf.constant(ya[pick]))))
    if epoch == 0:
        print("first loss %.4f (ln 10 = %.4f)" % (losses[0], math.log(10)))
    print("epoch %2d  loss %.4f" % (epoch + 1, np.mean(losses)))

pred = np.argmax(logits_of(tf.constant(xb)), axis=1)
print("largest |gate| %.3f" % max(abs(float(b["gate"])) for b in blocks))
print("test accuracy %.3f" % np.mean(pred == yb))
