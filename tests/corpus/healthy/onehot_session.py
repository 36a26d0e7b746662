import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()

# click model from an old code base: logistic regression on hashed one-hot fields.
# 8 fields x 40 buckets, of which fields 6 and 7 are not filled yet and stay zero (reserved).
FIELDS, BUCKETS = 8, 40
rng = np.random.RandomState(18)
tf.set_random_seed(18)
n = 20000
ids = rng.zipf(1.6, size=(n, 6)) % BUCKETS
truth = rng.normal(0, 1.1, (6, BUCKETS))
logit = truth[np.arange(6), ids].sum(1) - 1.0
click = (rng.rand(n) < 1 / (1 + np.exp(-logit))).astype(np.float32)


def encode(block):
    out = np.zeros((len(block), FIELDS * BUCKETS), np.float32)
    for f in range(6):
        out[np.arange(len(block)), f * BUCKETS + block[:, f]] = 1.0
    return out


x_ph = tf.placeholder(tf.float32, [None, FIELDS * BUCKETS])
y_ph = tf.placeholder(tf.float32, [None])
w = tf.get_variable("w", [FIELDS * BUCKETS, 1], initializer=tf.zeros_initializer())
b = tf.get_variable("b", [], initializer=tf.zeros_initializer())
score = tf.squeeze(tf.matmul(x_ph, w), 1) + b
loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y_ph, logits=score))
train_op = tf.train.AdagradOptimizer(0.5).minimize(loss)

x_te, y_te = encode(ids[16000:]), click[16000:]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(6):
        perm = rng.permutation(16000)
        tot = 0.0
        for s in range(0, 16000, 200):
            j = perm[s:s + 200]
            _, l = sess.run([train_op, loss], {x_ph: encode(ids[j]), y_ph: click[j]})
            tot += l
        te, sc = sess.run([loss, score], {x_ph: x_te, y_ph: y_te})
        print("epoch %d train %.4f test %.4f acc %.4f" % (epoch, tot / 80, te, ((sc > 0) == (y_te > .5)).mean()))
p = click[:16000].mean()
print("constant: loss %.4f acc %.4f" % (-(y_te.mean() * np.log(p) + (1 - y_te.mean()) * np.log(1 - p)), max(y_te.mean(), 1 - y_te.mean())))
