import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import *
from tensorflow.keras import backend as K
from tensorflow.keras.utils import set_random_seed
set_random_seed(12)

# x^2 with a small net
X = np.linspace(-3, 3, 600)
Y = X**2
Y = Y + np.random.normal(0, 0.1, X.shape)

p = np.random.permutation(600)
X = X[p]; Y = Y[p]

trainX = X[:500].reshape(-1, 1)
trainY = Y[:500].reshape(-1, 1)
testX = X[500:].reshape(-1, 1)
testY = Y[500:].reshape(-1, 1)

model = Sequential()
model.add(Input((1,)))
model.add(Dense(40, kernel_initializer='normal', activation='relu'))
model.add(BatchNormalization())
model.add(Dense(80, activation='relu'))
model.add(BatchNormalization())
model.add(Dense(40, activation='relu'))
model.add(BatchNormalization())
model.add(Dense(1))

model.compile(loss='mean_squared_error', optimizer='adam')
h = model.fit(trainX, trainY, epochs=50, batch_size=25, verbose=0)
print('start', h.history['loss'][0], 'end', h.history['loss'][-1])

out = model.predict(testX, verbose=0)
for xx, yy, oo in list(zip(testX, testY, out))[:6]:
    print('%6.2f  should be %6.2f   is %6.2f' % (xx[0], yy[0], oo[0]))
print('test mse', np.mean((out - testY)**2), 'var', testY.var())
