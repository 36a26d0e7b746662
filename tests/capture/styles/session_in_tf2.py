"""A graph in a TensorFlow 2 program: resource variables, clipped gradients, a decaying rate."""

import numpy as np
import tensorflow as tf
v1 = tf.compat.v1
rng = np.random.RandomState(3)
data = rng.randn(800, 6).astype('float32'); target = (data[:, :1] ** 2 - data[:, 1:2]).astype('float32')
with tf.Graph().as_default():
    v1.set_random_seed(5)
    feats = v1.placeholder(tf.float32, [None, 6]); truth = v1.placeholder(tf.float32, [None, 1])
    with v1.variable_scope('net'):
        k1 = v1.get_variable('k1', [6, 24], initializer=v1.glorot_uniform_initializer()); c1 = v1.get_variable('c1', [24], initializer=v1.zeros_initializer())
        k2 = v1.get_variable('k2', [24, 1], initializer=v1.glorot_uniform_initializer())
    pred = tf.tanh(feats @ k1 + c1) @ k2
    mse = tf.reduce_mean(tf.square(pred - truth))
    gs = v1.train.get_or_create_global_step()
    rate = v1.train.exponential_decay(0.1, gs, 100, 0.9)
    opt = v1.train.MomentumOptimizer(rate, 0.8)
    pairs = opt.compute_gradients(mse)
    pairs = [(tf.clip_by_norm(g, 1.0), v) for g, v in pairs]
    step_op = opt.apply_gradients(pairs, global_step=gs)
    with v1.Session() as sess:
        sess.run(v1.global_variables_initializer())
        for i in range(60):
            j = rng.randint(0, 800, 40)
            sess.run(step_op, {feats: data[j], truth: target[j]})
        print(sess.run([mse, gs], {feats: data, truth: target}), sess.run(k1).sum())
