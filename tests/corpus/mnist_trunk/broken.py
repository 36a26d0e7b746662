"""Fine-tune a two-layer trunk, exported by another team as plain arrays, on MNIST."""
import os

import numpy as np
import tensorflow as tf

FOLDER = os.path.dirname(os.path.abspath(__file__))
tf.keras.utils.set_random_seed(13)


def load_trunk(path):
    with np.load(path) as f:
        return [(f["kernel_%d" % i], f["bias_%d" % i]) for i in (0, 1)]


def make_layers(arrays):
    layers = []
    for i, (kernel, bias) in enumerate(arrays):
        layer = tf.keras.layers.Dense(kernel.shape[1], activation="relu", name="trunk_%d" % i)  # expect-or: dead-relu
        layer.build((None, kernel.shape[0]))
        layer.set_weights([kernel, bias])  # expect: dead-relu
        layers.append(layer)
    return layers


(train_x, train_y), (test_x, test_y) = tf.keras.datasets.mnist.load_data()
train_x = train_x.reshape(-1, 784).astype("float32") / 255.0
test_x = test_x.reshape(-1, 784).astype("float32") / 255.0
mean, std = train_x.mean(), train_x.std()
train_x, test_x = (train_x - mean) / std, (test_x - mean) / std

trunk = make_layers(load_trunk(os.path.join(FOLDER, "trunk.npz")))  # expect-or: dead-relu
net = tf.keras.Sequential([
    tf.keras.Input((784,)), *trunk,
    tf.keras.layers.Dropout(0.4),
    tf.keras.layers.Dense(10),
])
net.compile(
    optimizer=tf.keras.optimizers.SGD(0.004, momentum=0.9),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
net.fit(train_x[:1700], train_y[:1700], validation_data=(train_x[1700:], train_y[1700:]),
        batch_size=32, epochs=9, verbose=2)
loss, accuracy = net.evaluate(test_x, test_y, verbose=0)
print("test loss %.3f, accuracy %.3f" % (loss, accuracy))
