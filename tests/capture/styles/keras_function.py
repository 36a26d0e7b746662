"""Keras layers in a @tf.function step that autograph rewrites, with a test step of its own."""
import hashlib

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(2)
images = np.random.rand(256, 10, 10, 1).astype("float32")
labels = (images.mean(axis=(1, 2, 3)) > 0.5).astype("int32")
train = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(256, seed=4).batch(32)


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = tf.keras.layers.Conv2D(4, 3, activation="relu")
        self.flat = tf.keras.layers.Flatten()
        self.head = tf.keras.layers.Dense(2)

    def call(self, x):
        return self.head(self.flat(self.conv(x)))


net = Net()
optimizer = tf.keras.optimizers.SGD(0.05, momentum=0.9)
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
metric = tf.keras.metrics.SparseCategoricalAccuracy()


@tf.function
def train_step(x, y):
    if tf.reduce_sum(x) > 0:
        x = x * 1.0
    with tf.GradientTape() as tape:
        loss = loss_fn(y, net(x))
    gradients = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(gradients, net.trainable_variables))
    return loss


@tf.function
def test_step(x, y):
    metric.update_state(y, net(x))


for epoch in range(3):
    for x, y in train:
        loss = train_step(x, y)
    for x, y in train.take(3):
        test_step(x, y)
    print(epoch, float(loss), float(metric.result()))
print(train_step.experimental_get_tracing_count(), test_step.experimental_get_tracing_count())
print(hashlib.sha256(b"".join(w.tobytes() for w in net.get_weights())).hexdigest())
