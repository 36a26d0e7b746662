#!/usr/bin/env python3
# Learns the cost of a configuration: a bit vector (option on / off) -> one real number.
import sys
import random

import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, Input
from keras.optimizers import SGD

BITS = 24
HIDDEN = [128, 128, 128, 128]
EPOCHS = 25

keras.utils.set_random_seed(12)


def simulate(n):
    """Bit vectors and the measured build time (ms) of the configuration."""
    gen = np.random.RandomState(4)
    bits = gen.randint(0, 2, size=(n, BITS))
    base = gen.uniform(20, 90, BITS) * gen.choice([1, 1, -0.4], BITS)
    total = 400 + bits @ base
    for _ in range(10):                      # options that need or exclude each other
        i, j = gen.choice(BITS, 2, replace=False)
        total = total + gen.uniform(-80, 80) * bits[:, i] * bits[:, j]
    return bits.astype("float32"), (total + gen.normal(0, 6, n)).astype("float32")


inputs, outputs = simulate(3000)
inputs = inputs * 2 - 1
outputs_mean, outputs_std = outputs.mean(), outputs.std()
outputs = (outputs - outputs_mean) / outputs_std
train_x, test_x = inputs[:2500], inputs[2500:]
train_y, test_y = outputs[:2500], outputs[2500:]

net = Sequential()
net.add(Input((BITS,)))
for width in HIDDEN:
    net.add(Dense(width, activation="relu"))
net.add(Dense(1))
net.compile(loss="mean_squared_error", optimizer=SGD(learning_rate=0.02))
net.summary()

log = net.fit(train_x, train_y, batch_size=50, epochs=EPOCHS, verbose=0,
              validation_data=(test_x, test_y))
for e in range(0, EPOCHS, 4):
    print("epoch", e + 1, "training error %.4f" % log.history["loss"][e],
          "test error %.4f" % log.history["val_loss"][e])

p = net.predict(test_x, verbose=0)[:, 0]
print("five predictions [ms]:", np.round(p[:5] * outputs_std + outputs_mean))
print("five measurements    :", np.round(test_y[:5] * outputs_std + outputs_mean))
print("R^2 on the test set: %.3f" % (1 - np.mean((p - test_y) ** 2) / np.var(test_y)))
