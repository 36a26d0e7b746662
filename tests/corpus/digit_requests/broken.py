"""Digits, one request at a time.

Ported from our PyTorch service: the scorer gets single images, so the
evaluation does the same.
"""
from functools import partial

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class Block(tf.keras.layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.lin = tf.keras.layers.Dense(width, use_bias=False)
        self.norm = tf.keras.layers.BatchNormalization(momentum=0.9)

    def call(self, x, training=None):
        return tf.nn.relu(self.norm(self.lin(x), training=training))


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.blocks = [Block(64), Block(64)]
        self.head = tf.keras.layers.Dense(10)

    def call(self, x, training=None):
        for block in self.blocks:
            x = block(x, training=training)
        return self.head(x)


class Engine:
    """Holds the net, the optimiser and the forward pass that both phases share."""

    def __init__(self, lr):
        self.net = Net()
        self.forward = partial(self.net, training=True)  # expect-or: train-mode
        self.criterion = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.optim = tf.keras.optimizers.Adam(lr)

    @tf.function
    def train_batch(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.criterion(y, self.forward(x))
        params = self.net.trainable_variables
        self.optim.apply_gradients(zip(tape.gradient(loss, params), params))
        return loss

    @tf.function
    def score(self, x):
        return tf.argmax(self.forward(x), axis=-1)  # expect: train-mode


def main():
    tf.keras.utils.set_random_seed(1)
    images, digits = load_digits(return_X_y=True)
    images = (images / 16.0).astype("float32")
    x_tr, x_te, y_tr, y_te = train_test_split(
        images, digits.astype("int64"), test_size=0.2, stratify=digits, random_state=0)
    loader = (tf.data.Dataset.from_tensor_slices((x_tr, y_tr))
              .shuffle(len(x_tr)).batch(64, drop_remainder=True).prefetch(2))
    requests = tf.data.Dataset.from_tensor_slices((x_te, y_te)).batch(1)

    engine = Engine(lr=1e-3)
    for epoch in range(24):
        losses = [float(engine.train_batch(x, y)) for x, y in loader]
        print(f"[{epoch:02d}] train loss {np.mean(losses):.4f}")

    right = [int(engine.score(x)[0] == y[0]) for x, y in requests]
    print(f"accuracy on {len(right)} single requests: {np.mean(right):.3f}")


if __name__ == "__main__":
    main()
