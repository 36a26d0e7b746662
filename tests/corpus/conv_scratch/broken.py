"""Lab 5 -- Convolutional network without Keras layers.

We classify the sklearn digits with two conv layers and two dense layers,
all weights are plain tf.Variables.
"""
import time
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.random.set_seed(0)
np.random.seed(0)

data = load_digits()
images = data.images[..., None].astype("float32") / 16.0
images = images - images.mean()
labels = data.target.astype("int32")
x_train, x_test, y_train, y_test = train_test_split(images, labels, test_size=0.3, random_state=1, stratify=labels)
print(x_train.shape, x_test.shape)


def weight_variable(shape):
    return tf.Variable(tf.random.normal(shape))  # expect: init-too-large


def bias_variable(shape):
    return tf.Variable(tf.zeros(shape))


conv1_w, conv1_b = weight_variable([3, 3, 1, 16]), bias_variable([16])
conv2_w, conv2_b = weight_variable([3, 3, 16, 32]), bias_variable([32])
fc1_w, fc1_b = weight_variable([2 * 2 * 32, 64]), bias_variable([64])
fc2_w, fc2_b = weight_variable([64, 10]), bias_variable([10])
variables = [conv1_w, conv1_b, conv2_w, conv2_b, fc1_w, fc1_b, fc2_w, fc2_b]


def net(x):
    x = tf.nn.relu(tf.nn.conv2d(x, conv1_w, strides=1, padding="SAME") + conv1_b)
    x = tf.nn.max_pool2d(x, 2, 2, "SAME")
    x = tf.nn.relu(tf.nn.conv2d(x, conv2_w, strides=1, padding="SAME") + conv2_b)
    x = tf.nn.max_pool2d(x, 2, 2, "SAME")
    x = tf.reshape(x, [-1, 2 * 2 * 32])
    x = tf.nn.relu(tf.matmul(x, fc1_w) + fc1_b)
    return tf.matmul(x, fc2_w) + fc2_b


optimizer = tf.keras.optimizers.SGD(learning_rate=0.02, momentum=0.9)


@tf.function
def train_on_batch(xb, yb):
    with tf.GradientTape() as tape:
        logits = net(xb)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(yb, logits))
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


def evaluate(x, y):
    pred = tf.argmax(net(tf.constant(x)), axis=1).numpy()
    return (pred == y).mean()


dataset = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(2000).batch(64, drop_remainder=True)
for epoch in range(1, 11):
    start = time.time()
    loss = [train_on_batch(xb, yb).numpy() for xb, yb in dataset]
    print(f"Epoch {epoch}/10 - {time.time() - start:.1f}s - loss: {np.mean(loss):.4f} "
          f"- test accuracy: {evaluate(x_test, y_test):.4f}")

print("Final test accuracy: {:.4f}".format(evaluate(x_test, y_test)))
