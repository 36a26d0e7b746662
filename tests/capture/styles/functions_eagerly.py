"""A tf.function that is run eagerly, for the sake of a debugger."""

import tensorflow as tf

tf.config.run_functions_eagerly(True)
tf.random.set_seed(3)
x = tf.random.normal((256, 8)); y = tf.cast(tf.reduce_sum(x[:, :3], 1) > 0, tf.int32)
net = [tf.Variable(tf.random.normal((8, 16), stddev=0.4)), tf.Variable(tf.random.normal((16, 2), stddev=0.3))]
@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        logits = tf.nn.relu(x @ net[0]) @ net[1]
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))
    for variable, slope in zip(net, tape.gradient(loss, net)):
        variable.assign_sub(0.3 * slope)
    return loss
for i in range(48):
    rows = slice(i % 8 * 32, i % 8 * 32 + 32)
    print(float(step(x[rows], y[rows])))
