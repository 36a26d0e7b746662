from random import seed, random
import numpy
from keras.models import Sequential
from keras.layers import Input, LSTM, Dense
from keras.utils import set_random_seed

seed(1)
set_random_seed(1)

# read / make the binary sequence: next = (a xor c), sometimes flipped
seq = [0, 1, 1]
while len(seq) < 3000:
    nxt = seq[-1] ^ seq[-3]
    if random() < 0.06:
        nxt = 1 - nxt
    seq.append(nxt)

look_back = 3
dataX, dataY = [], []
for i in range(len(seq) - look_back):
    dataX.append(seq[i:i + look_back])
    dataY.append(seq[i + look_back])
vecX = numpy.reshape(numpy.array(dataX, dtype='float32'), (len(dataX), look_back, 1))
vecY = numpy.reshape(numpy.array(dataY, dtype='float32'), (len(dataY), 1))

n = int(len(vecX) * 0.75)
trX, trY, teX, teY = vecX[:n], vecY[:n], vecX[n:], vecY[n:]
print('share of ones', vecY.mean())

LSTM_net = Sequential()
LSTM_net.add(Input(shape=(look_back, 1)))
LSTM_net.add(LSTM(16))
LSTM_net.add(Dense(1, activation="softmax"))  # expect: output-activation
LSTM_net.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])  # expect-or: output-activation
LSTM_net.optimizer.learning_rate = 0.01
LSTM_net.fit(trX, trY, batch_size=64, epochs=30, verbose=0)  # expect-or: output-activation

loss, acc = LSTM_net.evaluate(teX, teY, verbose=0)
print('loss: %.4f - acc: %.4f' % (loss, acc))
