import numpy as np
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()

# thermocouple linearisation: voltage (scaled to -1..1) -> temperature (scaled to -1..1)
# two layers were ok, it stops to learn since I put the middle one (W1) in

tf.set_random_seed(1)
np.random.seed(1)

DEPTH_1 = 16
OUT_DEPTH = 1
STEPS = 2500
BATCH = 32


def thermocouple(v):
    return 0.8 * v + 0.25 * np.sin(3.0 * v) - 0.22 * v ** 2 + 0.05


initia = tf.random_normal_initializer(0, 1e-3)  # expect: init-too-small

I = tf.placeholder(tf.float32, shape=[None, 1], name='I')  # input
T = tf.placeholder(tf.float32, shape=[None, 1], name='T')

W = tf.get_variable('W', shape=[1, DEPTH_1], initializer=initia, dtype=tf.float32)  # expect-or: init-too-small
b = tf.get_variable('b', shape=[DEPTH_1], initializer=initia, dtype=tf.float32)
O = tf.nn.relu(tf.matmul(I, W) + b, name='O')

W1 = tf.get_variable('W1', shape=[DEPTH_1, DEPTH_1], initializer=initia, dtype=tf.float32)  # expect-or: init-too-small
b1 = tf.get_variable('b1', shape=[DEPTH_1], initializer=initia, dtype=tf.float32)
O1 = tf.nn.relu(tf.matmul(O, W1) + b1, name='O1')

W2 = tf.get_variable('W2', shape=[DEPTH_1, OUT_DEPTH], initializer=initia, dtype=tf.float32)  # expect-or: init-too-small
b2 = tf.get_variable('b2', shape=[OUT_DEPTH], initializer=initia, dtype=tf.float32)
O2 = tf.matmul(O1, W2) + b2

distance = tf.reduce_mean(tf.square(T - O2))

opt = tf.train.GradientDescentOptimizer(0.02)
grads_and_vars = opt.compute_gradients(distance, [W, b, W1, b1, W2, b2])
clipped_grads_and_vars = [(tf.clip_by_value(g, -4.5, 4.5), v) for g, v in grads_and_vars]
train_op = opt.apply_gradients(clipped_grads_and_vars)

init_op = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init_op)
    for i in range(STEPS):
        volt = 2.0 * np.random.rand(BATCH, 1) - 1.0
        temp = thermocouple(volt) + 0.01 * np.random.randn(BATCH, 1)
        _, d = sess.run([train_op, distance], feed_dict={I: volt, T: temp})
        if i % 250 == 0:
            print('step %5d   distance %.5f' % (i, d))

    grid = np.linspace(-1, 1, 41)[:, None]
    estimate = sess.run(O2, feed_dict={I: grid})

truth = thermocouple(grid)
for k in range(0, 41, 8):
    print('%+.2f  ->  %+.3f   (table: %+.3f)' % (grid[k, 0], estimate[k, 0], truth[k, 0]))
print('rms error on the grid: %.4f   (spread of the curve %.4f)'
      % (np.sqrt(np.mean((estimate - truth) ** 2)), truth.std()))
