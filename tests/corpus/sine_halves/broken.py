#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""Why can my network not learn sin(x)? Only some of the positive half comes out, the rest is 0!

Tried: more neurons, tanh, more epochs, lr 1e-2 / 1e-3 / 1e-4.
"""
import numpy as np
from keras import Input, Model, layers, optimizers, utils

utils.set_random_seed(12)

N = 2000
x = np.random.uniform(-np.pi, np.pi, size=(N, 1))
y = np.sin(2 * x)

# network: [1] -> 64 -> 64 -> 32 -> [1]
sizes = [64, 64, 32, 1]
inputs = Input(shape=(1,))
net = inputs
for i, s in enumerate(sizes):
    net = layers.Dense(s, activation='relu', name='layer%d' % i)(net)  # expect: output-activation
model = Model(inputs, net)  # expect-or: output-activation

model.compile(optimizer=optimizers.Adam(learning_rate=0.003), loss='mse')  # expect-or: output-activation
for chunk in range(4):
    h = model.fit(x, y, epochs=15, batch_size=50, verbose=0)  # expect-or: output-activation
    print('epoch', 15 * (chunk + 1), 'mse', h.history['loss'][-1])

grid = np.linspace(-np.pi, np.pi, 13).reshape(-1, 1)
for a, b in zip(grid, model.predict(grid, verbose=0)):
    print('%6.2f   true %6.3f   net %6.3f' % (a[0], np.sin(2 * a[0]), b[0]))
print('mse total', model.evaluate(x, y, verbose=0))
