# Does a heartbeat-like pulse follow? LSTM on short windows of an impulse train.
import random

import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import LSTM, Dense, Input
from tensorflow.keras.models import Sequential

random.seed(1)
np.random.seed(1)
tf.random.set_seed(1)

PERIOD = 9
TIME_STEPS = 10
EPOCHS = 3  # expect: too-few-steps


def impulse_train(length, period, jitter=0.03):
    sig = np.zeros(length)
    sig[::period] = 1.0
    return sig + jitter * np.random.randn(length)


def frame(sig, steps):
    X = np.array([sig[i:i + steps] for i in range(len(sig) - steps)])
    y = np.array([sig[i + steps] for i in range(len(sig) - steps)])
    return X[..., np.newaxis].astype('float32'), y.astype('float32')


signal = impulse_train(1400, PERIOD)
split = 1100
x_train, y_train = frame(signal[:split], TIME_STEPS)
x_test, y_test = frame(signal[split:], TIME_STEPS)
print(x_train.shape, y_train.shape, x_test.shape)

model = Sequential()
model.add(Input(shape=(TIME_STEPS, 1)))
model.add(LSTM(12))
model.add(Dense(1))
model.compile(optimizer=tf.keras.optimizers.Adam(0.002), loss='mse')

log = model.fit(x_train, y_train, epochs=EPOCHS, batch_size=32, verbose=0)  # expect-or: too-few-steps
for e, l in enumerate(log.history['loss'], 1):
    if e % max(1, EPOCHS // 6) == 0:
        print('epoch', e, 'mse', round(l, 5))

pred = model.predict(x_test, verbose=0).ravel()
print('test mse', round(float(np.mean((pred - y_test) ** 2)), 5), ' variance of the signal', round(float(y_test.var()), 5))
pulses = y_test > 0.5
print('mean prediction where a pulse follows   :', round(float(pred[pulses].mean()), 3))
print('mean prediction where no pulse follows  :', round(float(pred[~pulses].mean()), 3))
print('pulses recognised:', int((pred[pulses] > 0.5).sum()), 'of', int(pulses.sum()))
