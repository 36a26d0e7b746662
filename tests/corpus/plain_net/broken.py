#!/usr/bin/env python
# Plain (no skips) conv net with batch norm; loop by hand because I need the gradients later.
from functools import partial

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED = 5
DEPTH = 14
WIDTH = 16
EPOCHS = 9
tf.keras.utils.set_random_seed(SEED)

Conv = partial(tf.keras.layers.Conv2D, kernel_size=3, padding="same", use_bias=False)


def plain_net(n_classes=10):
    inp = tf.keras.Input((8, 8, 1))
    h = inp
    for i in range(DEPTH):
        h = Conv(WIDTH, strides=2 if i == DEPTH // 3 else 1)(h)
        h = tf.keras.layers.BatchNormalization(momentum=0.9)(h)
        h = tf.keras.layers.ReLU()(h)
    h = tf.keras.layers.GlobalAveragePooling2D()(h)
    return tf.keras.Model(inp, tf.keras.layers.Dense(n_classes)(h))


digits = load_digits()
pics = (digits.images / 16.0).astype("float32")[..., None]
xtr, xte, ytr, yte = train_test_split(
    pics, digits.target, test_size=0.25, stratify=digits.target, random_state=SEED)
train = tf.data.Dataset.from_tensor_slices((xtr, ytr)).shuffle(2000).batch(32, drop_remainder=True)
test = tf.data.Dataset.from_tensor_slices((xte, yte)).batch(128)

net = plain_net()
xent = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
schedule = tf.keras.optimizers.schedules.CosineDecay(0.02, EPOCHS * (len(xtr) // 32))
sgd = tf.keras.optimizers.SGD(schedule, momentum=0.9)
mean_loss = tf.keras.metrics.Mean()
acc = tf.keras.metrics.SparseCategoricalAccuracy()


@tf.function
def step(images, labels):
    with tf.GradientTape() as tape:
        logits = net(images)  # expect: train-mode
        loss = xent(labels, logits)
    grads = tape.gradient(loss, net.trainable_weights)
    sgd.apply_gradients(zip(grads, net.trainable_weights))
    mean_loss.update_state(loss)


@tf.function
def score(images, labels):
    acc.update_state(labels, net(images, training=False))


for epoch in range(EPOCHS):
    mean_loss.reset_state()
    acc.reset_state()
    for images, labels in train:
        step(images, labels)
    for images, labels in test:
        score(images, labels)
    print(f"{epoch + 1:02d}  loss {mean_loss.result():.3f}  test acc {acc.result():.3f}")

print("chance is", np.round(np.bincount(yte).max() / len(yte), 3), "- reached", round(float(acc.result()), 3))
