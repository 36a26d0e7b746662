# tanh net on two interleaved spirals
import math
import tensorflow as tf

tf.random.set_seed(19)
n = 600
t = tf.sqrt(tf.random.uniform([n])) * 3.0 * math.pi
side = tf.cast(tf.random.uniform([n]) > 0.5, tf.float32)
sign = 2.0 * side - 1.0
xy = tf.stack([sign * t * tf.cos(t), sign * t * tf.sin(t)], axis=1) / (3.0 * math.pi)
xy += tf.random.normal([n, 2], stddev=0.01)
target = side[:, tf.newaxis]

units = 32
w1 = tf.Variable(0.5 * tf.ones([2, units]))  # expect: init-constant
b1 = tf.Variable(tf.zeros([units]))
w2 = tf.Variable(0.5 * tf.ones([units, units]))  # expect-or: init-constant
b2 = tf.Variable(tf.zeros([units]))
w3 = tf.Variable(0.5 * tf.ones([units, 1]))
b3 = tf.Variable(tf.zeros([1]))
weights = [w1, b1, w2, b2, w3, b3]
adam = tf.keras.optimizers.Adam(0.02)


def net(x):
    return tf.matmul(tf.tanh(tf.matmul(tf.tanh(tf.matmul(4.0 * x, w1) + b1), w2) + b2), w3) + b3


for step in range(500):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(target, net(xy)))
    adam.apply_gradients(zip(tape.gradient(loss, weights), weights))
    if step % 100 == 99:
        print("step", step + 1, "loss", float(loss))
accuracy = tf.reduce_mean(tf.cast((net(xy) > 0) == (target > 0.5), tf.float32))
print("accuracy", float(accuracy))
