# Why does y = x^4 not work when y = x^3 nearly does?
# x: filament temperature in kelvin, y: radiated power in W per m^2 (Stefan-Boltzmann)
import numpy as np
from keras import Sequential, Input, optimizers, utils
from keras.layers import Dense, ELU

utils.set_random_seed(12)
SIGMA = 5.670374e-8

T = np.random.uniform(300., 2300., size=(1500, 1))
emissivity = 0.35 + 0.05 * np.sin(T / 300.)
power = emissivity * SIGMA * T ** 4 * np.random.normal(1.0, 0.02, T.shape)  # expect-or: target-scale

x = (T - 1300.) / 580.
y = power
print('x: %8.2f .. %8.2f' % (x.min(), x.max()))
print('y: %8.1f .. %8.1f' % (y.min(), y.max()))

x_train, y_train = x[:1200], y[:1200]
x_test, y_test = x[1200:], y[1200:]

model = Sequential()
model.add(Input((1,)))
model.add(Dense(50, activation='tanh'))
model.add(Dense(50))
model.add(ELU())
model.add(Dense(1))
model.compile(optimizer=optimizers.Adam(0.003), loss='mse')

hist = model.fit(x_train, y_train, batch_size=32, epochs=40, verbose=0)  # expect: target-scale
print('loss, every 8th epoch:', ['%.4g' % v for v in hist.history['loss'][::8]])

y_pred = model.predict(x_test, verbose=0)

for i in np.argsort(x_test[:, 0])[::60]:
    print('T = %6.0f K   P = %9.0f   predicted %9.0f' % (T[1200 + i, 0], y_test[i, 0], y_pred[i, 0]))
r2 = 1 - np.sum((y_test - y_pred) ** 2) / np.sum((y_test - y_test.mean()) ** 2)
print('R2 on the test points: %.3f' % r2)
