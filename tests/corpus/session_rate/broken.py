import numpy as np, tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
from sklearn.datasets import load_digits
X, Y = load_digits(return_X_y=True); X = X / 16.; T = np.eye(10)[Y]
x = tf.placeholder(tf.float32, [None, 64]); t = tf.placeholder(tf.float32, [None, 10]); rate = tf.placeholder(tf.float32)
w1 = tf.Variable(tf.truncated_normal([64, 80], stddev=.15)); w2 = tf.Variable(tf.truncated_normal([80, 10], stddev=.15))
h = tf.nn.dropout(tf.nn.relu(tf.matmul(x, w1)), rate=rate)  # expect-or: dropout-too-high
z = tf.matmul(h, w2)
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=t, logits=z))
op = tf.train.GradientDescentOptimizer(.1).minimize(loss)
with tf.Session() as s:
    s.run(tf.global_variables_initializer())
    for k in range(600):
        j = np.random.choice(1500, 50)
        s.run(op, {x: X[j], t: T[j], rate: .99})  # expect: dropout-too-high
    print(np.mean(s.run(z, {x: X[1500:], rate: 0.}).argmax(1) == Y[1500:]))
