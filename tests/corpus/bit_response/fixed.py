"""Map bit vectors (presence of building blocks) to a measured, real-valued response."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(31)

N_BITS, N_ROWS = 24, 3000
HIDDEN = [120, 120, 120, 120]
ACT = 'relu'

bits = np.random.randint(0, 2, size=(N_ROWS, N_BITS)).astype('float32')
main = np.random.normal(size=N_BITS)
pairs = [tuple(np.random.choice(N_BITS, 2, replace=False)) for _ in range(10)]
strength = np.random.normal(scale=2.0, size=len(pairs))
response = bits @ main + sum(s * bits[:, i] * bits[:, j] for s, (i, j) in zip(strength, pairs))
response = response + np.random.normal(scale=0.2, size=N_ROWS)

n_train = 2400
mean, std = response[:n_train].mean(), response[:n_train].std()
target = ((response - mean) / std).astype('float32')
x = 2 * bits - 1

inputs = keras.Input((N_BITS,))
h = inputs
for width in HIDDEN:
    h = keras.layers.Dense(width, activation=ACT)(h)
outputs = keras.layers.Dense(1)(h)
model = keras.Model(inputs, outputs)

rate = keras.optimizers.schedules.CosineDecay(0.05, 20 * n_train // 32)
model.compile(keras.optimizers.SGD(rate), loss='mse', metrics=['mae'])
log = model.fit(x[:n_train], target[:n_train], batch_size=32, epochs=20,
                validation_data=(x[n_train:], target[n_train:]), verbose=2)

guess = model.predict(x[n_train:], verbose=0)[:, 0]
truth = target[n_train:]
print('explained variance on held-out rows: %.3f' % (1 - np.var(truth - guess) / np.var(truth)))
