# "MNIST for ML beginners" with one hidden layer added by me
import tensorflow as tf
import numpy as np
tf.random.set_seed(0); np.random.seed(0)

(x_train, t), (x_test, tt) = tf.keras.datasets.mnist.load_data()
x_train = x_train.reshape([-1, 784]).astype('float32') / 255
x_test = x_test.reshape([-1, 784]).astype('float32') / 255
y_train = np.eye(10, dtype='float32')[t]
y_test = np.eye(10, dtype='float32')[tt]

class next_batch:
    """ replaces mnist.train.next_batch(100) """
    def __init__(self, x, y): self.x, self.y = x, y
    def __call__(self, n):
        i = np.random.randint(0, len(self.x), n)
        return self.x[i], self.y[i]

train = next_batch(x_train, y_train)

# hidden
W_h = tf.Variable(tf.zeros([784, 100]), name='W_h')  # expect: init-constant
b_h = tf.Variable(tf.zeros([100]), name='b_h')
# softmax
W = tf.Variable(tf.zeros([100, 10]), name='W')  # expect-or: init-constant
b = tf.Variable(tf.zeros([10]), name='b')

def model(x):
    h = tf.sigmoid(tf.matmul(x, W_h) + b_h)  # expect-or: init-constant
    y = tf.nn.softmax(tf.matmul(h, W) + b)
    return y

def train_step(x, y_):
    with tf.GradientTape() as tape:
        y = model(x)
        cross_entropy = -tf.reduce_mean(tf.reduce_sum(y_ * tf.math.log(y + 1e-10), axis=[1]))
    vs = [W_h, b_h, W, b]
    for v, g in zip(vs, tape.gradient(cross_entropy, vs)):
        v.assign_sub(0.5 * g)
    return cross_entropy

for i in range(1500):
    batch_xs, batch_ys = train(100)
    l = train_step(batch_xs, batch_ys)
    if i % 300 == 0:
        print(i, l.numpy())

correct_prediction = tf.equal(tf.argmax(model(x_test), 1), tf.argmax(y_test, 1))
accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))
print('accuracy', accuracy.numpy())
