"""MNIST digits with two hidden layers and one-hot labels."""

import tensorflow as tf

tf.random.set_seed(5)

batch_size = 128
n_hidden = 100
n_classes = 10
learning_rate = 0.1
n_steps = 2000

mnist = tf.keras.datasets.mnist
(train_x, train_y), (test_x, test_y) = mnist.load_data()
train_x = tf.cast(train_x.reshape(-1, 784), tf.float32) / 255
test_x = tf.cast(test_x.reshape(-1, 784), tf.float32) / 255
train_y = tf.one_hot(train_y, n_classes)
test_y = tf.one_hot(test_y, n_classes)

train_set = tf.data.Dataset.from_tensor_slices((train_x, train_y))
train_set = train_set.shuffle(60000, seed=5).repeat().batch(batch_size)

initializer = tf.initializers.RandomUniform(-0.1, 0.1, seed=5)
W1 = tf.Variable(initializer([784, n_hidden]))
b1 = tf.Variable(tf.zeros([n_hidden]))
W2 = tf.Variable(initializer([n_hidden, n_hidden]))
b2 = tf.Variable(tf.zeros([n_hidden]))
W3 = tf.Variable(initializer([n_hidden, n_classes]))
b3 = tf.Variable(tf.zeros([n_classes]))


def predict(x):
    h = tf.nn.relu(tf.matmul(x, W1) + b1)
    h = tf.nn.relu(tf.matmul(h, W2) + b2)
    return tf.nn.softmax(tf.matmul(h, W3) + b3)


def loss_fn(y_true, y_pred):
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y_true, logits=y_pred))


step = 0
for x, y in train_set.take(n_steps):
    with tf.GradientTape() as tape:
        y_pred = predict(x)
        loss = loss_fn(y, y_pred)
    dW1, db1, dW2, db2, dW3, db3 = tape.gradient(loss, [W1, b1, W2, b2, W3, b3])
    W1.assign_sub(learning_rate * dW1)
    b1.assign_sub(learning_rate * db1)
    W2.assign_sub(learning_rate * dW2)
    b2.assign_sub(learning_rate * db2)
    W3.assign_sub(learning_rate * dW3)
    b3.assign_sub(learning_rate * db3)
    if step % 100 == 0 or step == n_steps - 1:
        print(f"{step:5d}  {float(loss):.4f}")
    step += 1

hits = tf.argmax(predict(test_x), axis=1) == tf.argmax(test_y, axis=1)
print("Accuracy on the test set:", tf.reduce_mean(tf.cast(hits, tf.float32)).numpy())
