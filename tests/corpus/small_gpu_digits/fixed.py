#!/usr/bin/env python
# Gradient accumulation so that the effective batch of 64 fits on my old laptop card.
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

MICRO = 16
ACCUM = 4
EPOCHS = 10


class AccumTrainer:
    def __init__(self, model, optimizer, accum):
        self.model = model
        self.optimizer = optimizer
        self.accum = accum
        self.loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.buffers = [tf.Variable(tf.zeros_like(v), trainable=False) for v in model.trainable_variables]
        self.seen = 0

    @tf.function
    def micro_step(self, x, y):
        with tf.GradientTape() as tape:
            logits = self.model(x, training=True)
            loss = self.loss_fn(y, logits)
        for buf, grad in zip(self.buffers, tape.gradient(loss, self.model.trainable_variables)):
            buf.assign_add(grad / self.accum)
        return loss

    @tf.function
    def flush(self):
        self.optimizer.apply_gradients(zip(self.buffers, self.model.trainable_variables))

    @tf.function
    def zero(self):
        for buf in self.buffers:
            buf.assign(tf.zeros_like(buf))

    def __call__(self, x, y):
        loss = self.micro_step(x, y)
        self.seen += 1
        if self.seen % self.accum == 0:
            self.flush()
            self.zero()
        return float(loss)


def make_model():
    return tf.keras.Sequential([
        tf.keras.layers.Input(shape=(8, 8, 1)),
        tf.keras.layers.Conv2D(16, 3, activation="relu", padding="same"),
        tf.keras.layers.MaxPool2D(),
        tf.keras.layers.Conv2D(32, 3, activation="relu", padding="same"),
        tf.keras.layers.GlobalAveragePooling2D(),
        tf.keras.layers.Dense(10),
    ])


if __name__ == "__main__":
    tf.keras.utils.set_random_seed(8)
    bunch = load_digits()
    img = (bunch.images[..., None] / 16.0).astype("float32")
    x_train, x_test, y_train, y_test = train_test_split(img, bunch.target, test_size=300, random_state=1)
    ds = (tf.data.Dataset.from_tensor_slices((x_train, y_train))
          .shuffle(2000).batch(MICRO, drop_remainder=True))

    model = make_model()
    trainer = AccumTrainer(model, tf.keras.optimizers.Adam(1e-2), ACCUM)
    for epoch in range(1, EPOCHS + 1):
        running = [trainer(x, y) for x, y in ds]
        pred = np.argmax(model.predict(x_test, verbose=0), axis=1)
        print("epoch %2d | train loss %.4f | test acc %.3f" % (epoch, np.mean(running), (pred == y_test).mean()))
