"""Two-layer graph convolution (Kipf & Welling style) with a plain TF1 session."""
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()
np.random.seed(14)
tf.set_random_seed(14)

# ---- a citation-like graph: 4 communities, weak features -------------------------
N, C, F = 320, 4, 20
y = np.repeat(np.arange(C), N // C)
same = y[:, None] == y[None, :]
A = np.triu(np.random.rand(N, N) < np.where(same, 0.07, 0.007), 1)
A = (A | A.T).astype("float32")
proto = np.random.normal(size=(C, F))
X = (proto[y] * 0.35 + np.random.normal(size=(N, F))).astype("float32")

A_hat = A + np.eye(N, dtype="float32")
d = A_hat.sum(1) ** -0.5
A_hat = (A_hat * d[:, None] * d[None, :]).astype("float32")
onehot = np.eye(C, dtype="float32")[y]

train_mask = np.zeros(N, "float32")
for c in range(C):
    train_mask[np.random.choice(np.flatnonzero(y == c), 12, replace=False)] = 1
rest = np.flatnonzero(train_mask == 0)
np.random.shuffle(rest)
val_mask, test_mask = np.zeros(N, "float32"), np.zeros(N, "float32")
val_mask[rest[:80]] = 1
test_mask[rest[80:]] = 1
print("edges %d, labelled %d, val %d, test %d" % (A.sum() / 2, train_mask.sum(), val_mask.sum(), test_mask.sum()))

# ---- model -------------------------------------------------------------------------
x_ph = tf.placeholder(tf.float32, [N, F], "x")
a_ph = tf.placeholder(tf.float32, [N, N], "a")
t_ph = tf.placeholder(tf.float32, [N, C], "t")
m_ph = tf.placeholder(tf.float32, [N], "mask")
rate = tf.placeholder_with_default(0.0, [], "drop_rate")


def weight(name, i, o):
    r = np.sqrt(6.0 / (i + o))
    return tf.get_variable(name, [i, o], initializer=tf.random_uniform_initializer(-r, r, seed=i * o))


W0, W1 = weight("W0", F, 16), weight("W1", 16, C)
h = tf.nn.relu(tf.matmul(a_ph, tf.matmul(tf.nn.dropout(x_ph, rate=rate), W0)))
logits = tf.matmul(a_ph, tf.matmul(tf.nn.dropout(h, rate=rate), W1))

per_node = tf.nn.softmax_cross_entropy_with_logits_v2(labels=t_ph, logits=logits)
xent = tf.reduce_sum(per_node * m_ph) / tf.reduce_sum(m_ph)
hit = tf.cast(tf.equal(tf.argmax(logits, 1), tf.argmax(t_ph, 1)), tf.float32)
accuracy = tf.reduce_sum(hit * m_ph) / tf.reduce_sum(m_ph)
train_op = tf.train.AdamOptimizer(0.02).minimize(xent + 5e-4 * tf.nn.l2_loss(W0))

feed = lambda mask, p=0.0: {x_ph: X, a_ph: A_hat, t_ph: onehot, m_ph: mask, rate: p}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    best, kept = -1.0, None
    for epoch in range(1, 121):
        _, tr = sess.run([train_op, xent], feed(train_mask, 0.3))
        va_loss, va = sess.run([xent, accuracy], feed(val_mask))
        if va > best:
            best, kept = va, sess.run([W0, W1])
        if epoch == 1 or epoch % 20 == 0:
            print("epoch %3d  train %.4f  val %.4f  val acc %.3f" % (epoch, tr, va_loss, va))
    for var, value in zip((W0, W1), kept):
        var.load(value, sess)
    test_acc, guess = sess.run([accuracy, tf.argmax(logits, 1)], feed(test_mask))

picked = test_mask > 0
conf = np.zeros((C, C), int)
for a, b in zip(y[picked], guess[picked]):
    conf[a, b] += 1
print("best val acc %.3f, test acc %.3f" % (best, test_acc))
print(conf)
