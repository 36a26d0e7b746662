import numpy as np
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense, Input

tf.keras.utils.set_random_seed(1)

# the sequence: every term is decided by the ones before it
seq = [0, 1, 1]
for k in range(1200):
    a, b, c = seq[-3:]
    seq.append(int(not c) if a == 0 else b ^ c)
    if k % 17 == 0:
        seq.append(np.random.randint(2))
seq = np.array(seq)
print('first terms:', seq[:30])

n_prev = 3


def make_vectors(s):
    vecX, vecY = [], []
    for i in range(len(s) - n_prev):
        vecX.append(s[i:i + n_prev])
        vecY.append(s[i + n_prev])
    return np.array(vecX).reshape(-1, n_prev, 1).astype('float32'), np.array(vecY).reshape(-1, 1)


cut = 1000
vecX, vecY = make_vectors(seq[:cut])
testX, testY = make_vectors(seq[cut:])
print(vecX.shape, vecY.shape, 'share of ones: %.3f' % vecY.mean())

LSTM_net = Sequential()
LSTM_net.add(Input((n_prev, 1)))
LSTM_net.add(LSTM(12))
LSTM_net.add(Dense(1, activation="sigmoid"))
LSTM_net.compile(optimizer=tf.keras.optimizers.Adagrad(learning_rate=0.4), loss="binary_crossentropy",
                 metrics=["accuracy"])
h = LSTM_net.fit(vecX, vecY, batch_size=64, epochs=30, verbose=0, validation_data=(testX, testY))
for e in range(0, 30, 5):
    print('Epoch %d/30 - loss: %.4f - acc: %.4f - val_loss: %.4f - val_acc: %.4f' % (
        e + 1, h.history['loss'][e], h.history['accuracy'][e], h.history['val_loss'][e], h.history['val_accuracy'][e]))

print('test  loss %.4f  acc %.4f' % tuple(LSTM_net.evaluate(testX, testY, verbose=0)))
allX = np.array([[int(b) for b in format(i, '03b')] for i in range(8)], 'float32').reshape(8, 3, 1)
for x, p in zip(allX[:, :, 0].astype(int), LSTM_net.predict(allX, verbose=0)[:, 0]):
    print(x, '-> %.3f' % p)
