import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.keras.datasets import mnist

tf.disable_v2_behavior()
tf.set_random_seed(1)
np.random.seed(1)

# parameters
learning_rate = 0.05
training_epochs = 8
batch_size = 50
display_step = 1

n_hidden_1 = 512
n_hidden_2 = 512
n_hidden_3 = 512
n_input = 784
n_classes = 10

(train_x, train_y), (test_x, test_y) = mnist.load_data()
train_x = train_x.reshape(-1, n_input).astype(np.float32) / 255.
test_x = test_x.reshape(-1, n_input).astype(np.float32) / 255.
train_y = np.eye(n_classes)[train_y]
test_y = np.eye(n_classes)[test_y]

x = tf.placeholder("float", [None, n_input])
y = tf.placeholder("float", [None, n_classes])


def weight(n_in, n_out, name):
    return tf.Variable(tf.random_normal([n_in, n_out], stddev=n_in ** -0.5), name=name)


def bias(n, name):
    return tf.Variable(tf.zeros([n]), name=name)


weights = {
    'h1': weight(n_input, n_hidden_1, 'w1'),
    'h2': weight(n_hidden_1, n_hidden_2, 'w2'),
    'h3': weight(n_hidden_2, n_hidden_3, 'w3'),
    'out': weight(n_hidden_3, n_classes, 'wout'),
}
biases = {
    'b1': bias(n_hidden_1, 'b1'),
    'b2': bias(n_hidden_2, 'b2'),
    'b3': bias(n_hidden_3, 'b3'),
    'out': bias(n_classes, 'bout'),
}


def multilayer_perceptron(x):
    layer_1 = tf.nn.tanh(tf.add(tf.matmul(x, weights['h1']), biases['b1']))
    layer_2 = tf.nn.tanh(tf.add(tf.matmul(layer_1, weights['h2']), biases['b2']))
    layer_3 = tf.nn.tanh(tf.add(tf.matmul(layer_2, weights['h3']), biases['b3']))
    return tf.matmul(layer_3, weights['out']) + biases['out']


pred = multilayer_perceptron(x)
cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(logits=pred, labels=y))
optimizer = tf.train.GradientDescentOptimizer(learning_rate).minimize(cost)
correct = tf.equal(tf.argmax(pred, 1), tf.argmax(y, 1))
accuracy = tf.reduce_mean(tf.cast(correct, "float"))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    total_batch = len(train_x) // batch_size
    for epoch in range(training_epochs):
        avg_cost = 0.
        order = np.random.permutation(len(train_x))
        for i in range(total_batch):
            sel = order[i * batch_size:(i + 1) * batch_size]
            _, c = sess.run([optimizer, cost], feed_dict={x: train_x[sel], y: train_y[sel]})
            avg_cost += c / total_batch
        if epoch % display_step == 0:
            a = sess.run(accuracy, feed_dict={x: train_x, y: train_y})
            print("Epoch:", '%04d' % (epoch + 1), "cost={:.6f}".format(avg_cost), "train acc={:.3f}".format(a))
    print("Optimization Finished!")
    print("Accuracy:", sess.run(accuracy, feed_dict={x: test_x, y: test_y}))
