import numpy as np, tensorflow as tf
tf.random.set_seed(0)
(x, y), (xt, yt) = tf.keras.datasets.mnist.load_data()
x = (x / 255.).reshape(-1, 784).astype("float32"); xt = (xt / 255.).reshape(-1, 784).astype("float32")
g = tf.random.Generator.from_seed(1)
W1 = tf.Variable(g.normal((784, 100)) * .05); B1 = tf.Variable(tf.zeros(100))
W2 = tf.Variable(g.normal((100, 10)) * .1); B2 = tf.Variable(tf.zeros(10))
def forward(a):
    return tf.nn.softmax(tf.nn.relu(a @ W1 + B1) @ W2 + B2, axis=0)  # expect: loss-shape
@tf.function
def train(a, b):
    with tf.GradientTape() as t:
        p = forward(a)
        loss = -tf.reduce_mean(tf.reduce_sum(tf.one_hot(b, 10) * tf.math.log(p + 1e-8), axis=1))  # expect-or: loss-shape
    for v, d in zip([W1, B1, W2, B2], t.gradient(loss, [W1, B1, W2, B2])):
        v.assign_sub(.1 * d)
    return loss
for e in range(5):
    for i in range(0, len(x), 50):
        l = train(x[i:i+50], y[i:i+50])
    print(e, float(l), np.mean(forward(xt).numpy().argmax(1) == yt))
