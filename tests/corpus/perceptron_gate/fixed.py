# "exclusive or" of two noisy voltages, first network I write with placeholders
import numpy as np
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()

rng = np.random.RandomState(4)
tf.set_random_seed(4)

def sample(n):
    bits = rng.randint(0, 2, size=(n, 2))
    volts = bits * 2.0 - 1.0 + rng.normal(0, 0.3, size=(n, 2))
    gate = (bits[:, 0] ^ bits[:, 1]).reshape(n, 1)
    return volts.astype(np.float32), gate.astype(np.float32)

train_x, train_y = sample(1500)
test_x, test_y = sample(500)

n_hidden = 8
batch_size = 30

x_input = tf.placeholder(tf.float32, [None, 2], name="x_input")
y_input = tf.placeholder(tf.float32, [None, 1], name="y_input")

w1 = tf.Variable(tf.random_normal([2, n_hidden]))
b1 = tf.Variable(tf.zeros([n_hidden]))
hidden = tf.nn.tanh(tf.matmul(x_input, w1) + b1)

w2 = tf.Variable(tf.random_normal([n_hidden, 1], stddev=0.5))
b2 = tf.Variable(tf.zeros([1]))
logits = tf.matmul(hidden, w2) + b2

loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y_input, logits=logits))
train_op = tf.train.AdamOptimizer(0.01).minimize(loss)

answer = tf.cast(logits > 0, tf.float32)
hits = tf.reduce_mean(tf.cast(tf.equal(answer, y_input), tf.float32))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(30):
        order = rng.permutation(len(train_x))
        total = 0.0
        for i in range(0, len(order), batch_size):
            pick = order[i:i + batch_size]
            _, c = sess.run([train_op, loss], feed_dict={x_input: train_x[pick], y_input: train_y[pick]})
            total += c
        if epoch % 3 == 2:
            print("epoch", epoch + 1, "loss", total / (len(order) // batch_size),
                  "test", sess.run(hits, {x_input: test_x, y_input: test_y}))
    print("Testing XOR gate, accuracy:", sess.run(hits, {x_input: test_x, y_input: test_y}))
