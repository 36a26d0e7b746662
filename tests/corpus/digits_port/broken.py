# moved over from our old torch notebook, kept the same loop structure
import time
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.random.set_seed(0)
rng = np.random.default_rng(0)


class Net(tf.keras.Model):
    def __init__(self, n_classes=10):
        super().__init__()
        self.conv1 = tf.keras.layers.Conv2D(16, 3, padding="same", activation="relu")
        self.pool = tf.keras.layers.MaxPool2D(2)
        self.flatten = tf.keras.layers.Flatten()
        self.fc1 = tf.keras.layers.Dense(64, activation="relu")
        self.fc2 = tf.keras.layers.Dense(n_classes)  # expect-or: loss-logits

    def call(self, x):
        x = self.pool(self.conv1(x))
        x = self.flatten(x)
        return self.fc2(self.fc1(x))


def batches(x, y, size, shuffle=True):
    idx = np.arange(len(x))
    if shuffle:
        rng.shuffle(idx)
    for i in range(0, len(x), size):
        j = idx[i:i + size]
        yield tf.constant(x[j]), tf.constant(y[j])


digits = load_digits()
images = (digits.images / 16.0).astype("float32")[..., None]
targets = digits.target.astype("int64")
perm = rng.permutation(len(images))
images, targets = images[perm], targets[perm]
n_train = 1400
train_x, train_y = images[:n_train], targets[:n_train]
test_x, test_y = images[n_train:], targets[n_train:]

net = Net()
criterion = tf.keras.losses.SparseCategoricalCrossentropy()  # expect: loss-logits
optimizer = tf.keras.optimizers.Adam(learning_rate=5e-3)

for epoch in range(1, 7):
    t0 = time.time()
    running_loss, correct = 0.0, 0
    for inputs, labels in batches(train_x, train_y, 100):
        with tf.GradientTape() as tape:
            outputs = net(inputs)
            loss = criterion(labels, outputs)
        grads = tape.gradient(loss, net.trainable_variables)
        optimizer.apply_gradients(zip(grads, net.trainable_variables))

        running_loss += float(loss) * len(labels)
        predicted = tf.argmax(outputs, axis=1)
        correct += int(tf.reduce_sum(tf.cast(predicted == labels, tf.int32)))

    test_correct = 0
    for inputs, labels in batches(test_x, test_y, 128, shuffle=False):
        predicted = tf.argmax(net(inputs), axis=1)
        test_correct += int(tf.reduce_sum(tf.cast(predicted == labels, tf.int32)))

    print("[%2d] loss: %.4f  train acc: %.3f  test acc: %.3f  (%.1fs)" % (
        epoch, running_loss / n_train, correct / n_train,
        test_correct / len(test_x), time.time() - t0))

print("Finished Training")
