# Coder for a 1-d signal through a bottleneck of ReLU units: the output should reproduce the input.
import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
tf1.disable_eager_execution()
SEED = 5
tf1.set_random_seed(SEED)
rng = np.random.RandomState(SEED)

initia = tf1.random_normal_initializer(0, 0.35)

DEPTH_1 = 16
DEPTH_2 = 16
OUT_DEPTH = 1
STEPS = 4000
BATCH = 32

signal_in = tf1.placeholder(tf.float32, shape=[None, 1], name='I')


def dense(name, x, n_in, n_out):
    W = tf1.get_variable('W' + name, shape=[n_in, n_out], initializer=initia, dtype=tf.float32)
    b = tf1.get_variable('b' + name, shape=[n_out], initializer=tf1.zeros_initializer(), dtype=tf.float32)
    return tf.matmul(x, W) + b, [W, b]


z0, v0 = dense('0', signal_in, 1, DEPTH_1)
z1, v1 = dense('1', tf.nn.relu(z0), DEPTH_1, DEPTH_2)
z2, v2 = dense('2', tf.nn.relu(z1), DEPTH_2, DEPTH_2)
estimate, v3 = dense('3', tf.nn.relu(z2), DEPTH_2, OUT_DEPTH)

distance = tf.reduce_mean(tf.square(signal_in - estimate))

opt = tf1.train.GradientDescentOptimizer(2e-2)
grads_and_vars = opt.compute_gradients(distance, v0 + v1 + v2 + v3)
clipped = [(tf.clip_by_value(g, -4.5, 4.5), v) for g, v in grads_and_vars]
train_op = opt.apply_gradients(clipped)

held_out = rng.uniform(-1.5, 1.5, size=(400, 1)).astype('float32')

with tf1.Session() as sess:
    sess.run(tf1.global_variables_initializer())
    for i in range(STEPS):
        feed = {signal_in: rng.uniform(-1.5, 1.5, size=(BATCH, 1))}
        _, d = sess.run([train_op, distance], feed)
        if i % 400 == 0:
            print(i, 'distance', d)
    err = sess.run(distance, {signal_in: held_out})
    for value in (-1.2, -0.4, 0.3, 1.1):
        print(value, '->', sess.run(estimate, {signal_in: [[value]]})[0, 0])
    print('held-out mse %.5f (variance of the signal %.5f)' % (err, held_out.var()))
