"""Two hidden ReLU layers, written out by hand, trained on MNIST."""

import numpy as np
import tensorflow as tf

np.random.seed(3)
tf.random.set_seed(3)

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train = (x_train / 255.0).reshape(-1, 28 * 28).astype(np.float32)
x_test = (x_test / 255.0).reshape(-1, 28 * 28).astype(np.float32)
y_train = y_train.astype(np.int64)
y_test = y_test.astype(np.int64)

dataset = tf.data.Dataset.from_tensor_slices((x_train, y_train))
dataset = dataset.shuffle(buffer_size=len(x_train), seed=3)
dataset = dataset.repeat()
dataset = dataset.batch(128)


def init(shape):
    return tf.random.uniform(shape, minval=-0.1, maxval=0.1)


w1 = tf.Variable(init([784, 100]), name="w1")
b1 = tf.Variable(tf.zeros([100]), name="b1")
w2 = tf.Variable(init([100, 100]), name="w2")
b2 = tf.Variable(tf.zeros([100]), name="b2")
w3 = tf.Variable(init([100, 10]), name="w3")
b3 = tf.Variable(tf.zeros([10]), name="b3")
params = [w1, b1, w2, b2, w3, b3]


def model(x):
    h1 = tf.nn.relu(tf.matmul(x, w1) + b1)
    h2 = tf.nn.relu(tf.matmul(h1, w2) + b2)
    return tf.matmul(h2, w3) + b3


lr = 0.1
num_steps = 2000
step = 0
for x, y in dataset:
    with tf.GradientTape() as tape:
        logits = model(x)
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    grads = tape.gradient(loss, params)
    for p, g in zip(params, grads):
        p.assign_sub(lr * g)
    if step % 200 == 0:
        print("Step {:5d}: loss = {:.4f}".format(step, loss.numpy()))
    step += 1
    if step == num_steps:
        break
print("Step {:5d}: loss = {:.4f}".format(step - 1, loss.numpy()))

test_acc = np.mean(np.argmax(model(x_test).numpy(), axis=1) == y_test)
print("Test accuracy: {:.4f}".format(test_acc))
