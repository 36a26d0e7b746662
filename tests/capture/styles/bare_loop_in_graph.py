"""A whole training loop inside one tf.function call, batches drawn at random in the graph."""
import hashlib

import numpy as np
import tensorflow as tf

tf.random.set_seed(0)
rng = np.random.default_rng(0)
inputs = tf.constant(rng.normal(size=(500, 6)).astype("float32"))
targets = tf.constant((inputs.numpy() @ rng.normal(size=(6, 1))).astype("float32"))
params = {"w1": tf.Variable(tf.random.normal([6, 16], stddev=0.4)), "w2": tf.Variable(tf.random.normal([16, 1]))}


@tf.function
def train(steps):
    loss = 0.0
    for _ in tf.range(steps):
        rows = tf.random.uniform([32], 0, 500, tf.int32)
        x, y = tf.gather(inputs, rows), tf.gather(targets, rows)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(tf.tanh(x @ params["w1"]) @ params["w2"] - y))
        variables = list(params.values())
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(0.02 * gradient)
    return loss


for _ in range(3):
    print(float(train(tf.constant(100))))
print(hashlib.sha256(b"".join(v.numpy().tobytes() for v in params.values())).hexdigest())
