"""Bare variables, an eager loop, assign_sub, a test pass at the end."""
import hashlib

import numpy as np
import tensorflow as tf

tf.random.set_seed(7)
rng = np.random.RandomState(3)
x_train = rng.randn(640, 12).astype("float32")
y_train = (x_train[:, 0] + x_train[:, 1] > 0).astype("int64")
x_test, y_test = x_train[:100] * 0.5, y_train[:100]

w1 = tf.Variable(tf.random.normal([12, 16], stddev=0.4))
b1 = tf.Variable(tf.zeros([16]))
w2 = tf.Variable(tf.random.normal([16, 2], stddev=0.4))


def forward(x):
    hidden = tf.nn.relu(tf.matmul(x, w1) + b1)
    return tf.matmul(hidden, w2)


data = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(640, seed=1).batch(64)
for epoch in range(4):
    for x, y in data:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=forward(x)))
        grads = tape.gradient(loss, [w1, b1, w2])
        for variable, grad in zip([w1, b1, w2], grads):
            variable.assign_sub(0.1 * grad)
    print(epoch, loss.numpy())
hits = tf.equal(tf.argmax(forward(x_test), axis=1), y_test)
print("accuracy", float(tf.reduce_mean(tf.cast(hits, tf.float32))))
print("random", tf.random.uniform([2]).numpy(), np.random.RandomState(5).rand(), rng.rand())
print(hashlib.sha256(b"".join(v.numpy().tobytes() for v in [w1, b1, w2])).hexdigest())
