import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Input, LSTM, Dense
from tensorflow.keras.optimizers import Adam
from tensorflow.keras.utils import set_random_seed

set_random_seed(0)

# flow through a valve: shut (0) , open once for OPEN steps (flow goes up and down), shut again (0)
# Y: the share of the window that had passed when it opened
n = 24
OPEN = 5

starts = np.random.randint(0, n - OPEN + 1, size=2000)
Xs = np.zeros((len(starts), n, 1), dtype='float32')
for i, s in enumerate(starts):
    Xs[i, s:s + OPEN, 0] = np.random.uniform(0.4, 1.6, OPEN)
Ys = (starts / n).astype('float32')

trainX, testX, trainY, testY = Xs[:1600], Xs[1600:], Ys[:1600], Ys[1600:]
print(trainX.shape, trainY.shape, testX.shape, testY.shape)

model = Sequential()
model.add(Input((trainX.shape[1], trainX.shape[2])))
model.add(LSTM(24, activation='tanh', unit_forget_bias=True))
model.add(Dense(1, activation='linear'))
model.compile(optimizer=Adam(0.003), loss='mse', metrics=['mae'])

model.fit(trainX, trainY, epochs=15, batch_size=32, validation_data=(testX, testY), verbose=2)

out = model.predict(testX, verbose=0)[:, 0]
for a, b in list(zip(testY, out))[:6]:
    print('true %.3f   net %.3f' % (a, b))
print('MAE %.4f   (spread of the answers %.4f)' % (np.abs(out - testY).mean(), testY.std()))
