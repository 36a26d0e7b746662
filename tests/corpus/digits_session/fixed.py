# old lab code (written for 1.x), now through compat.v1
import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits

tf.disable_eager_execution()
tf.set_random_seed(1)
np.random.seed(1)

data = load_digits()
images = data.images.reshape(-1, 64) / 16.0
onehot = np.eye(10)[data.target]
perm = np.random.permutation(len(images))
images, onehot = images[perm], onehot[perm]
train_x, train_y = images[:1400], onehot[:1400]
test_x, test_y = images[1400:], onehot[1400:]

n_hidden = 50
learning_rate = 0.02
training_epochs = 40
batch_size = 50
display_step = 5

X = tf.placeholder(tf.float32, [None, 64], name="X")
Y = tf.placeholder(tf.float32, [None, 10], name="Y")

weights = {
    "h1": tf.Variable(tf.truncated_normal([64, n_hidden], stddev=0.15)),
    "out": tf.Variable(tf.truncated_normal([n_hidden, 10], stddev=0.15)),
}
biases = {
    "b1": tf.Variable(tf.zeros([n_hidden])),
    "out": tf.Variable(tf.zeros([10])),
}


def perceptron(x):
    layer1 = tf.nn.relu(tf.add(tf.matmul(x, weights["h1"]), biases["b1"]))
    return tf.matmul(layer1, weights["out"]) + biases["out"]


pred = perceptron(X)
cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(logits=pred, labels=Y))
optimizer = tf.train.GradientDescentOptimizer(learning_rate).minimize(cost)
correct = tf.equal(tf.argmax(pred, 1), tf.argmax(Y, 1))
accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
init = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init)
    for epoch in range(training_epochs):
        avg_cost = 0.0
        total_batch = len(train_x) // batch_size
        for i in range(total_batch):
            bx = train_x[i * batch_size:(i + 1) * batch_size]
            by = train_y[i * batch_size:(i + 1) * batch_size]
            _, c = sess.run([optimizer, cost], feed_dict={X: bx, Y: by})
            avg_cost += c / total_batch
        if epoch % display_step == 0:
            print("Epoch:", "%04d" % (epoch + 1), "cost=", "{:.5f}".format(avg_cost))
    print("Optimization Finished!")
    print("Train accuracy:", sess.run(accuracy, feed_dict={X: train_x, Y: train_y}))
    print("Accuracy:", sess.run(accuracy, feed_dict={X: test_x, Y: test_y}))
