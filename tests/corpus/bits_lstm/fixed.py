# Predict the next term of a 0/1 sequence from the previous 8 terms.
# I tried adagrad, rmsprop, more units ... the accuracy does not move at all.
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense, Dropout, Input
from tensorflow.keras.callbacks import ReduceLROnPlateau

np.random.seed(7)
tf.random.set_seed(7)

LOOKBACK = 8

# the machine repeats what it did 3 and 5 ticks ago, with some glitches
seq = list(np.random.randint(0, 2, 8))
for t in range(8, 3200):
    nxt = 1 if (seq[t - 3] + seq[t - 5] + seq[t - 1]) >= 2 else 0
    nxt = 1 - nxt if seq[t - 8] == 1 and seq[t - 3] == seq[t - 5] else nxt
    if np.random.rand() < 0.05:
        nxt = 1 - nxt
    seq.append(nxt)
seq = np.array(seq)

vecX, vecY = [], []
for i in range(len(seq) - LOOKBACK):
    vecX.append(seq[i:i + LOOKBACK])
    vecY.append(seq[i + LOOKBACK])
vecX = np.array(vecX, dtype="float32").reshape(-1, LOOKBACK, 1)
vecY = np.array(vecY, dtype="float32").reshape(-1, 1)
print(vecX.shape, vecY.shape, "ones:", vecY.mean())

n = int(len(vecX) * 0.8)
trX, teX, trY, teY = vecX[:n], vecX[n:], vecY[:n], vecY[n:]

LSTM_net = Sequential()
LSTM_net.add(Input(shape=(LOOKBACK, 1)))
LSTM_net.add(LSTM(32))
# LSTM_net.add(Dropout(0.2))
LSTM_net.add(Dense(1, activation="sigmoid"))
LSTM_net.compile(optimizer=tf.keras.optimizers.Adam(0.005), loss="binary_crossentropy", metrics=["accuracy"])
LSTM_net.summary()

reduce_lr = ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=6, min_lr=1e-4)
hist = LSTM_net.fit(trX, trY, validation_data=(teX, teY), batch_size=64, epochs=25,
                    callbacks=[reduce_lr], verbose=2)

pred = (LSTM_net.predict(teX, verbose=0) > 0.5).astype("float32")
print(pd.Series(pred.ravel()).value_counts())
print("test accuracy:", float((pred == teY).mean()))
