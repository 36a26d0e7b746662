# Why is my validation accuracy higher than the training accuracy, and the val loss half of the training loss?
# Is there a leak? I checked three times...
import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Input, Conv2D, MaxPooling2D, Dense, Dropout, Flatten, RandomTranslation, GaussianNoise, Activation
from keras.utils import to_categorical
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(17)
X, y = load_digits(return_X_y=True)
X = X.reshape(-1, 8, 8, 1).astype('float32') / 16.
Y = to_categorical(y, 10)
Xtr, Xva, Ytr, Yva = train_test_split(X, Y, test_size=0.25, random_state=3, stratify=y)

model = Sequential()
model.add(Input((8, 8, 1)))
model.add(RandomTranslation(0.05, 0.05, fill_mode='constant'))   # augmentation
model.add(GaussianNoise(0.1))
model.add(Conv2D(32, (3, 3), padding='same'))
model.add(Activation('relu'))
model.add(MaxPooling2D((2, 2)))
model.add(Dropout(0.25))
model.add(Flatten())
model.add(Dense(128, activation='relu'))
model.add(Dropout(0.5))
model.add(Dense(10))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer=keras.optimizers.Adam(learning_rate=0.003), metrics=['accuracy'])

h = model.fit(Xtr, Ytr, batch_size=64, epochs=14, verbose=2, validation_data=(Xva, Yva))
print('train (last epoch)', h.history['accuracy'][-1], 'val', h.history['val_accuracy'][-1])
print('train in test mode:', model.evaluate(Xtr, Ytr, verbose=0))
