#import cv2
import numpy as np
import random
import os
from tensorflow import keras
from tensorflow.keras.datasets import cifar10
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Dropout, Activation, Flatten, Conv2D, MaxPooling2D, Input
from tensorflow.keras.optimizers import SGD, Adam

# sentdex tutorial part 3, but instead of Cats/Dogs I take 2 classes of cifar
keras.utils.set_random_seed(42)

(xtr, ytr), (xte, yte) = cifar10.load_data()
ytr = ytr.ravel()
yte = yte.ravel()
CATEGORIES = [1, 6]       # automobile, frog
IMG_SIZE = 32

training_data = []
def create_training_data():
    for category in CATEGORIES:
        class_num = CATEGORIES.index(category)
        for img in xtr[ytr == category]:
            try:
                new_array = img          #cv2.resize(img_array, (IMG_SIZE, IMG_SIZE))
                training_data.append([new_array, class_num])
            except Exception as e:
                pass

create_training_data()
random.shuffle(training_data)
print(len(training_data))
for sample in training_data[:10]:
    print(sample[1], end=' ')
print()

X = []
y = []
for features, label in training_data:
    X.append(features)
    y.append(label)

X = np.array(X).reshape(-1, IMG_SIZE, IMG_SIZE, 3)
y = np.array(y)
X = X/255.0

model = Sequential()
model.add(Input(shape=X.shape[1:]))
model.add(Conv2D(32, (3, 3)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))

model.add(Conv2D(32, (3, 3)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))

model.add(Flatten())
model.add(Dense(64))
model.add(Activation('relu'))
model.add(Dropout(0.2))

model.add(Dense(1))
model.add(Activation('sigmoid'))

#opt = SGD(learning_rate=0.01)
opt = Adam(learning_rate=0.1, epsilon=1e-6)  # expect: lr-too-high
model.compile(loss='binary_crossentropy', optimizer=opt, metrics=['accuracy'])  # expect-or: lr-too-high

model.fit(X, y, batch_size=32, epochs=12, validation_split=0.1, verbose=2)  # expect-or: lr-too-high

m = np.isin(yte, CATEGORIES)
Xt = xte[m] / 255.0
yt = (yte[m] == CATEGORIES[1]).astype(int)
p = model.predict(Xt, verbose=0)
print(p[:8].ravel())
print('test accuracy', np.mean((p.ravel() > 0.5) == yt))
