# Question: my LSTM always predicts the same class, loss sits at 1.0986 no matter what I do
# Each sample is a recording from an accelerometer (x, y, z), and they have different lengths,
# so I need to pad. I've tried GRU, more units, other optimizers, nothing...
import os
import random
import numpy as np
import tensorflow as tf
from sklearn.model_selection import train_test_split
from sklearn.metrics import confusion_matrix, classification_report
from keras.models import Sequential
from keras.layers import LSTM, Dense, Masking, Dropout, Bidirectional
from keras.utils import pad_sequences, to_categorical
#import matplotlib.pyplot as plt

np.random.seed(7)
tf.random.set_seed(7)

MAXLEN = 40
CLASSES = ['circle', 'wave', 'shake']


def fake_recording(kind):
    # the real ones come from the phone, this reproduces it
    n = np.random.randint(22, MAXLEN + 1)
    t = np.linspace(0, 1, n)
    ph = np.random.rand() * 2 * np.pi
    if kind == 0:
        a = np.stack([np.sin(6 * t + ph), np.cos(6 * t + ph), 0 * t], axis=1)
    elif kind == 1:
        a = np.stack([np.sin(12 * t + ph), 0 * t, np.sin(12 * t + ph)], axis=1)
    else:
        a = np.stack([np.sign(np.sin(25 * t + ph)), 0 * t, 0.3 * np.cos(25 * t)], axis=1)
    a = a + 0.15 * np.random.randn(n, 3)
    return np.clip(a / 3.0, -0.95, 0.95)      # sensor full scale is 3 g


recordings, labels = [], []
for i in range(900):
    k = i % 3
    recordings.append(fake_recording(k))
    labels.append(k)

X = pad_sequences(recordings, maxlen=MAXLEN, padding='post', dtype='float32')
y = to_categorical(labels, 3)
print('X', X.shape, 'y', y.shape)

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=1)

model = Sequential()
#model.add(Masking(mask_value=-9.))
model.add(Bidirectional(LSTM(24), input_shape=(MAXLEN, 3)))
#model.add(Dropout(0.2))
model.add(Dense(16, activation='relu'))
model.add(Dense(3, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer=tf.keras.optimizers.Adam(0.005), metrics=['accuracy'])
model.summary()

hist = model.fit(X_train, y_train, epochs=8, batch_size=32, validation_data=(X_test, y_test), verbose=2)

#plt.plot(hist.history['loss']); plt.plot(hist.history['val_loss']); plt.show()
pred = model.predict(X_test, verbose=0).argmax(axis=1)
print(confusion_matrix(y_test.argmax(axis=1), pred))
print('test accuracy', np.mean(pred == y_test.argmax(axis=1)))
