# Auto encoder 784 -> 100 -> 50 -> 100 -> 784, written down in plain TensorFlow.
import numpy as np
import tensorflow as tf
from tensorflow.keras.datasets import mnist

rng = np.random.RandomState(1)
tf.random.set_seed(1)

(x_train, _), (x_test, _) = mnist.load_data()
x_train = x_train.reshape(-1, 784).astype(np.float32) / 255.
x_test = x_test.reshape(-1, 784).astype(np.float32) / 255.

sizes = [784, 100, 50, 100, 784]
W, b = [], []
for m, n in zip(sizes[:-1], sizes[1:]):
    W.append(tf.Variable(tf.random.normal([m, n], stddev=np.sqrt(2. / (m + n))), name='W%d' % len(W)))
    b.append(tf.Variable(tf.zeros([n]), name='b%d' % len(b)))


def net(x):
    e1 = tf.nn.tanh(tf.matmul(x, W[0]) + b[0])
    e2 = tf.nn.tanh(tf.matmul(e1, W[1]) + b[1])
    d1 = tf.nn.tanh(tf.matmul(e2, W[2]) + b[2])
    return tf.nn.sigmoid(tf.matmul(d1, W[3]) + b[3])


def cost(x, y):
    y = tf.clip_by_value(y, 1e-6, 1. - 1e-6)
    return tf.reduce_mean(tf.reduce_sum(-x * tf.math.log(y), axis=1))  # expect: loss-wrong


batch, epochs = 50, 60
rate = tf.keras.optimizers.schedules.CosineDecay(0.003, epochs * len(x_train) // batch)
opt = tf.keras.optimizers.Adam(rate)
params = W + b


@tf.function
def train(x):
    with tf.GradientTape() as t:
        c = cost(x, net(x))
    opt.apply_gradients(zip(t.gradient(c, params), params))
    return c


for epoch in range(epochs):
    order = rng.permutation(len(x_train))
    costs = [train(tf.constant(x_train[order[i:i + batch]])) for i in range(0, len(order), batch)]
    if epoch % 10 == 9:
        print('epoch', epoch + 1, 'cost', np.mean(costs))

rebuilt = net(x_test).numpy()
print('squared error per pixel: %.4f' % np.mean((rebuilt - x_test) ** 2))
print('  (always answering the mean image: %.4f)' % np.mean((x_train.mean(0) - x_test) ** 2))
