"""
CS 4780 - Assignment 3, part 2: Autoencoder from scratch
Compress the 8x8 digits to a 12-dim code with only tf.Variable / tf.matmul.
"""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

np.random.seed(3)
tf.random.set_seed(3)

digits = load_digits()
X = (digits.data / 16.0).astype(np.float32)
X_train, X_test = train_test_split(X, test_size=0.25, random_state=0)
print("train:", X_train.shape, "test:", X_test.shape, "range", X.min(), X.max())

n_in, n_hidden, n_code = 64, 48, 12


def init(n_from, n_to):
    # Glorot uniform, see lecture 6 slide 14
    limit = np.sqrt(6.0 / (n_from + n_to))
    w = (np.random.rand(n_from, n_to) - 1.0) * limit  # expect: dead-relu
    return tf.Variable(w.astype(np.float32))


W1, b1 = init(n_in, n_hidden), tf.Variable(tf.zeros([n_hidden]))
W2, b2 = init(n_hidden, n_code), tf.Variable(tf.zeros([n_code]))
W3, b3 = init(n_code, n_hidden), tf.Variable(tf.zeros([n_hidden]))
W4, b4 = init(n_hidden, n_in), tf.Variable(tf.zeros([n_in]))
params = [W1, b1, W2, b2, W3, b3, W4, b4]


def encode(x):
    h = tf.nn.relu(tf.matmul(x, W1) + b1)  # expect-or: dead-relu
    return tf.matmul(h, W2) + b2


def decode(z):
    h = tf.nn.relu(tf.matmul(z, W3) + b3)  # expect-or: dead-relu
    return tf.matmul(h, W4) + b4


def mse(a, b):
    return tf.reduce_mean(tf.square(a - b))


optimizer = tf.keras.optimizers.Adam(2e-3)
batch_size = 64
epochs = 40


@tf.function
def train_step(xb):
    with tf.GradientTape() as tape:
        loss = mse(decode(encode(xb)), xb)
    grads = tape.gradient(loss, params)
    optimizer.apply_gradients(zip(grads, params))
    return loss


for epoch in range(epochs):
    order = np.random.permutation(len(X_train))
    total = 0.0
    for i in range(0, len(X_train) - batch_size + 1, batch_size):
        total += float(train_step(tf.constant(X_train[order[i:i + batch_size]])))
    if epoch % 5 == 0 or epoch == epochs - 1:
        val = float(mse(decode(encode(X_test)), X_test))
        print("epoch %2d  train mse %.4f  test mse %.4f" % (epoch, total / (len(X_train) // batch_size), val))

recon = decode(encode(X_test)).numpy()
r2 = 1 - ((recon - X_test) ** 2).sum() / ((X_test - X_train.mean(0)) ** 2).sum()
print("explained variance on test digits: %.4f" % r2)
