#!/usr/bin/env python
import argparse

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_diabetes

p = argparse.ArgumentParser()
p.add_argument("--steps", type=int, default=500)
p.add_argument("--batch", type=int, default=44)
p.add_argument("--decay", type=float, default=0.003)
args = p.parse_args([])

tf.keras.utils.set_random_seed(30)
x, y = load_diabetes(return_X_y=True)
x = (x / x.std(axis=0)).astype("float32")
y = ((y - y.mean()) / y.std()).astype("float32")
idx = np.random.permutation(len(y))
train, test = idx[:352], idx[352:]

decay = tf.keras.regularizers.l2(args.decay)
inputs = tf.keras.Input((10,))
hidden = tf.keras.layers.Dense(16, activation="relu", kernel_regularizer=decay)(inputs)
outputs = tf.keras.layers.Dense(1, kernel_regularizer=decay)(hidden)
model = tf.keras.Model(inputs, outputs)
opt = tf.keras.optimizers.Adam(0.003)


def objective(xb, yb):
    prediction = model(xb, training=True)
    data_term = tf.reduce_mean(tf.square(prediction[:, 0] - yb))
    return data_term + sum(model.losses)


for k in range(args.steps):
    rows = np.random.choice(train, args.batch, replace=False)
    with tf.GradientTape() as tape:
        value = objective(x[rows], y[rows])
    opt.apply_gradients(zip(tape.gradient(value, model.trainable_variables), model.trainable_variables))
    if (k + 1) % 100 == 0:
        print(f"{k + 1:5d} objective {float(value):.4f}")

guess = model(x[test]).numpy().ravel()
print("test R2: %.3f" % (1 - np.mean((guess - y[test]) ** 2) / y[test].var()))
