import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.random.set_seed(123)
np.random.seed(123)

pixels, digit = load_digits(return_X_y=True)
order = np.random.permutation(len(digit))
pixels, digit = (pixels[order] / 16.0).astype(np.float32), digit[order].astype(np.int32)
x, y = pixels[:1300], digit[:1300]
x_test, y_test = pixels[1300:], digit[1300:]

w1 = tf.Variable(tf.random.normal([64, 20], stddev=0.15))
b1 = tf.Variable(tf.zeros([20]))
w2 = tf.Variable(tf.random.normal([20, 20], stddev=0.3))
b2 = tf.Variable(tf.zeros([20]))
w3 = tf.Variable(tf.random.normal([20, 10], stddev=0.3))
b3 = tf.Variable(tf.zeros([10]))
params = [w1, b1, w2, b2, w3, b3]
drop = tf.keras.layers.Dropout(0.5)


def forward(batch, training):
    h = tf.nn.relu(batch @ w1 + b1)
    h = drop(h, training=training)
    h = tf.nn.relu(h @ w2 + b2)
    h = drop(h, training=training)
    return h @ w3 + b3


def score(x, y):
    logits = forward(x, training=True)  # expect: train-mode
    return np.mean(np.argmax(logits, axis=1) == y)  # expect-or: train-mode


adam = tf.keras.optimizers.Adam(3e-3)
for step in range(1, 901):
    rows = np.random.randint(0, len(x), 64)
    with tf.GradientTape() as tape:
        nll = tf.nn.sparse_softmax_cross_entropy_with_logits(y[rows], forward(x[rows], training=True))
        loss = tf.reduce_mean(nll)
    adam.apply_gradients(zip(tape.gradient(loss, params), params))
    if step % 150 == 0:
        print(f"step {step:5d} | loss {loss:.3f} | accuracy {score(x, y):.3f} | test accuracy {score(x_test, y_test):.3f}")  # expect-or: train-mode
