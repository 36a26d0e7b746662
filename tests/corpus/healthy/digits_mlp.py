import os

import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import Dense, Dropout, Input
from tensorflow.keras.models import Sequential

keras.utils.set_random_seed(10)

f = np.load(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'digits_mlp_digits.npz'))
X_train = f['x'].reshape(-1, 784).astype('float32') / 255
X_val = f['xv'].reshape(-1, 784).astype('float32') / 255
Y_train = keras.utils.to_categorical(f['y'], 10)
Y_val = keras.utils.to_categorical(f['yv'], 10)

# 784 > 256 > 256 > 10, relu everywhere except for the last one
model = Sequential()
model.add(Input((784,)))
model.add(Dropout(0.3))
for width in (256, 256):
    model.add(Dense(width, activation='relu', kernel_initializer='he_normal'))
    model.add(Dropout(0.65))
model.add(Dense(10, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])

print('%d train samples, %d validation samples' % (len(X_train), len(X_val)))
history = model.fit(X_train, Y_train, batch_size=64, epochs=14, validation_data=(X_val, Y_val), verbose=0)
for k in range(len(history.epoch)):
    print('Epoch %2d - loss: %.4f - acc.: %.4f - val. loss: %.4f - val. acc.: %.4f' % (
        k + 1, history.history['loss'][k], history.history['accuracy'][k],
        history.history['val_loss'][k], history.history['val_accuracy'][k]))
