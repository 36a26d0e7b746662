import tensorflow as tf
import numpy as np
from tensorflow.keras.datasets import mnist

# ANN from scratch in tensorflow 2 (was placeholder / session version before)
tf.random.set_seed(777)
np.random.seed(777)

(X_train, Y_train), (X_test, Y_test) = mnist.load_data()
X_train = X_train.reshape(X_train.shape[0], 784).astype(np.float32) / 255.
X_test = X_test.reshape(X_test.shape[0], 784).astype(np.float32) / 255.
Y_train = tf.one_hot(Y_train, 10).numpy()
Y_test_oh = tf.one_hot(Y_test, 10).numpy()

n_input = 784
n_hidden1 = 128
n_hidden2 = 64
n_output = 10
lr = 0.1
n_iterations = 1000
batch_size = 64
display_step = 200

# Store layers weight & bias
weights = {
    'w1': tf.Variable(tf.random.uniform([n_input, n_hidden1], -0.1, 0.1)),
    'w2': tf.Variable(tf.random.uniform([n_hidden1, n_hidden2], -0.1, 0.1)),
    'out': tf.Variable(tf.random.uniform([n_hidden2, n_output], -0.1, 0.1)),
}

biases = {
    'b1': tf.Variable(tf.constant(0.1, shape=[n_hidden1])),
    'b2': tf.Variable(tf.constant(0.1, shape=[n_hidden2])),
    'out': tf.Variable(tf.constant(0.1, shape=[n_output])),
}


@tf.function
def multilayer_perceptron(X):
    layer_1 = tf.nn.relu(tf.add(tf.matmul(X, weights['w1']), biases['b1']))
    layer_2 = tf.nn.relu(tf.add(tf.matmul(layer_1, weights['w2']), biases['b2']))
    output_layer = tf.matmul(layer_2, weights['out']) + biases['out']
    return output_layer


def run_optimization(x, y):
    params = list(weights.values()) + list(biases.values())
    with tf.GradientTape() as g:
        logits = multilayer_perceptron(x)
        cross_entropy = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=logits))
    grads = g.gradient(cross_entropy, params)
    for p, gr in zip(params, grads):
        p.assign_sub(lr * gr)
    return cross_entropy


def accuracy(x, y):
    correct_pred = tf.equal(tf.argmax(multilayer_perceptron(x), 1), tf.argmax(y, 1))
    return tf.reduce_mean(tf.cast(correct_pred, tf.float32)).numpy()


for i in range(n_iterations):
    choice = np.random.choice(len(X_train), batch_size)
    minibatch_loss = run_optimization(X_train[choice], Y_train[choice])

    # print loss and accuracy (per minibatch)
    if i % display_step == 0:
        print("Iteration", str(i), "\t| Loss =", float(minibatch_loss),
              "\t| Accuracy =", accuracy(X_train[choice], Y_train[choice]))

print("\nAccuracy on test set:", accuracy(X_test, Y_test_oh))
