import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

HIDDEN = 40
STEP_SIZE = 25.0  # expect-also-or: lr-too-high
ITERATIONS = 800
BATCH = 100

data = load_digits()
xs = tf.constant(data.data / 16.0, tf.float32)
ys = tf.constant(data.target, tf.int32)
train_ids, test_ids = train_test_split(np.arange(len(data.target)), test_size=0.2, random_state=0)

tf.random.set_seed(1)
params = {
    "W1": tf.Variable(tf.zeros([64, HIDDEN])),  # expect: init-constant
    "b1": tf.Variable(tf.zeros([HIDDEN])),
    "W2": tf.Variable(tf.zeros([HIDDEN, 10])),  # expect-or: init-constant
    "b2": tf.Variable(tf.zeros([10])),
}

rng = np.random.default_rng(1)


def net(x):
    h = tf.tanh(tf.matmul(x, params["W1"]) + params["b1"])  # expect-or: init-constant
    return tf.matmul(h, params["W2"]) + params["b2"]  # expect-or: init-constant


def cost(ids):
    return tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.gather(ys, ids), logits=net(tf.gather(xs, ids)))
    )


for it in range(ITERATIONS):
    ids = rng.choice(train_ids, BATCH)
    with tf.GradientTape() as tape:
        c = cost(ids)
    grads = tape.gradient(c, params)
    for name in params:
        params[name].assign_sub(STEP_SIZE * grads[name])  # expect-also: lr-too-high
    if it % 100 == 0:
        print("iteration %4d  cost %.4f" % (it, c.numpy()))

hit = tf.argmax(net(tf.gather(xs, test_ids)), 1, output_type=tf.int32) == tf.gather(ys, test_ids)
print("test accuracy %.4f" % tf.reduce_mean(tf.cast(hit, tf.float32)))
