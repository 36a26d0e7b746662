# Can a network with one hidden layer be trained on MNIST with plain gradient descent?
# The softmax regression of the beginners tutorial gives 0.85+, mine with a hidden layer is far worse!
import numpy as np
import tensorflow as tf

(xTrain, yTrain), (xTest, yTest) = tf.keras.datasets.mnist.load_data()
xTrain = (xTrain.reshape(-1, 784) / 255.).astype(np.float32)
xTest = (xTest.reshape(-1, 784) / 255.).astype(np.float32)
yTrainHot = np.eye(10, dtype=np.float32)[yTrain]
yTestHot = np.eye(10, dtype=np.float32)[yTest]

#First layer of the NN
W1 = tf.Variable(tf.zeros([784, 50]))  # expect: init-constant
b1 = tf.Variable(tf.zeros([50]))
#Second layer of the NN
W2 = tf.Variable(tf.zeros([50, 10]))  # expect-or: init-constant
b2 = tf.Variable(tf.zeros([10]))
theta = [W1, b1, W2, b2]

learning_rate = tf.constant(0.2)
BATCH = 50


def network(x):
    out1 = tf.nn.sigmoid(tf.matmul(x, W1) + b1)
    return tf.matmul(out1, W2) + b2


@tf.function
def train_step(x, y_):
    with tf.GradientTape() as t:
        y = network(x)
        cross_entropy = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y_, logits=y))
    for v, g in zip(theta, t.gradient(cross_entropy, theta)):
        v.assign_sub(learning_rate * g)
    return cross_entropy


@tf.function
def accuracy(x, y_):
    correct_prediction = tf.equal(tf.argmax(network(x), 1), tf.argmax(y_, 1))
    return tf.reduce_mean(tf.cast(correct_prediction, tf.float32))


order = np.random.RandomState(0)
last = []
for i in range(1000):
    pick = order.randint(0, len(xTrain), BATCH)
    last.append(float(train_step(xTrain[pick], yTrainHot[pick])))
    if i % 100 == 99:
        print("step", i + 1, "cross entropy", np.mean(last), "train accuracy", float(accuracy(xTrain, yTrainHot)))
        last = []

print("test accuracy", float(accuracy(xTest, yTestHot)))
