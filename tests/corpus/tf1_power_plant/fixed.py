import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.disable_eager_execution()
tf.set_random_seed(1234)
np.random.seed(1234)

# Net electrical output (MW) of a combined cycle power plant from four ambient readings
def make_plant(n):
    t = np.random.uniform(0, 1, n)                                # time of the year
    temp = 19 - 9 * np.cos(2 * np.pi * t) + 3 * np.random.randn(n)
    vacuum = 40 + 0.9 * temp + 6 * np.random.randn(n)
    pressure = 1013 - 0.25 * (temp - 19) + 5 * np.random.randn(n)
    humidity = np.clip(80 - 1.1 * (temp - 10) + 10 * np.random.randn(n), 25, 100)
    mw = (497 - 1.9 * temp + 0.018 * (temp - 15) ** 2 - 0.25 * vacuum
          + 0.07 * (pressure - 1013) - 0.15 * humidity + 2.5 * np.random.randn(n))
    return np.stack([temp, vacuum, pressure, humidity], 1), mw

features, power = make_plant(3000)
train_x, test_x, train_y, test_y = train_test_split(features, power, test_size=0.2, random_state=0)
sx = StandardScaler().fit(train_x)
train_x, test_x = sx.transform(train_x), sx.transform(test_x)
y_mean, y_std = train_y.mean(), train_y.std()
train_y = (train_y - y_mean) / y_std

# Parameters
learning_rate = 0.003
training_epochs = 40
batch_size = 50
n_hidden = 32

# tf Graph input
X = tf.placeholder(tf.float32, [None, 4])
Y = tf.placeholder(tf.float32, [None])

def fc(x, n_in, n_out):
    w = tf.Variable(tf.truncated_normal([n_in, n_out], stddev=np.sqrt(2.0 / n_in)))
    b = tf.Variable(tf.zeros([n_out]))
    return tf.matmul(x, w) + b

layer_1 = tf.nn.relu(fc(X, 4, n_hidden))
layer_2 = tf.nn.relu(fc(layer_1, n_hidden, n_hidden))
pred = fc(layer_2, n_hidden, 1)

cost = tf.reduce_mean(tf.squared_difference(pred[:, 0], Y))
optimizer = tf.train.AdamOptimizer(learning_rate).minimize(cost)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    n_batches = len(train_x) // batch_size
    for epoch in range(training_epochs):
        order = np.random.permutation(len(train_x))
        avg_cost = 0.0
        for i in range(n_batches):
            rows = order[i * batch_size:(i + 1) * batch_size]
            _, c = sess.run([optimizer, cost], feed_dict={X: train_x[rows], Y: train_y[rows]})
            avg_cost += c / n_batches
        if epoch % 5 == 0:
            print("Epoch:", "%03d" % (epoch + 1), "cost=", "{:.5f}".format(avg_cost))
    print("Optimization Finished!")

    out = sess.run(pred, feed_dict={X: test_x}).ravel() * y_std + y_mean
    rmse = np.sqrt(np.mean((out - test_y) ** 2))
    r2 = 1 - np.sum((out - test_y) ** 2) / np.sum((test_y - test_y.mean()) ** 2)
    print("test RMSE {:.2f} MW, R2 {:.3f}".format(rmse, r2))
