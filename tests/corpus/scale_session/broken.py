# flats: price (in 100k) from area, year of construction, distance to the centre; a TF 1 program
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()
FLAGS = dict(hidden=20, rate=0.05, batch=50, steps=1500)


def make_data(n=1200, seed=4):
    r = np.random.RandomState(seed)
    area = r.uniform(25, 160, n)
    year = r.randint(1900, 2020, n)
    metres = r.exponential(4000, n)
    price = 0.02 * area + 0.01 * (year - 1960) - 0.0001 * metres + 0.1 * r.randn(n)
    return np.stack([area, year, metres], 1), price[:, None]


def mlp(inputs, hidden):
    with tf.variable_scope("mlp", reuse=tf.AUTO_REUSE):
        a = tf.get_variable("a", [3, hidden], initializer=tf.glorot_normal_initializer())
        a0 = tf.get_variable("a0", [hidden], initializer=tf.zeros_initializer())
        b = tf.get_variable("b", [hidden, 1], initializer=tf.glorot_normal_initializer())
        b0 = tf.get_variable("b0", [1], initializer=tf.zeros_initializer())
        return tf.matmul(tf.nn.tanh(tf.nn.xw_plus_b(inputs, a, a0)), b) + b0


tf.set_random_seed(6)
features, prices = make_data()  # expect-or: input-scale
inputs = tf.placeholder(tf.float32, [None, 3])
wanted = tf.placeholder(tf.float32, [None, 1])
guess = mlp(inputs, FLAGS["hidden"])
loss = tf.losses.mean_squared_error(wanted, guess)
train = tf.train.GradientDescentOptimizer(FLAGS["rate"]).minimize(loss)

picks = np.random.RandomState(0)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for step in range(FLAGS["steps"]):
        some = picks.randint(0, 1000, FLAGS["batch"])
        session.run(train, {inputs: features[some], wanted: prices[some]})  # expect: input-scale
    mse = session.run(loss, {inputs: features[1000:], wanted: prices[1000:]})
    print("R2 %.3f" % (1 - mse / prices[1000:].var()))
