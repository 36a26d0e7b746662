# coding: utf-8

# In[1]:
import numpy as np
import pandas as pd
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Conv2D, MaxPooling2D, Dropout, Flatten
from tensorflow.keras.utils import to_categorical, set_random_seed
from tensorflow.keras.datasets import fashion_mnist

set_random_seed(2040)
num_classes = 10
epochs = 9
batch_size = 32
names = ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Boot']

# In[2]:
(x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
x_train = x_train.reshape(-1, 28, 28, 1).astype('float32') / 255
x_test = x_test.reshape(-1, 28, 28, 1).astype('float32') / 255
print('x_train shape:', x_train.shape, 'test', x_test.shape)
labels_test = y_test.copy()
y_train = to_categorical(y_train, num_classes)
y_test = to_categorical(y_test, num_classes)

# In[3]:
model = Sequential()
model.add(Conv2D(16, (3, 3), activation='relu', input_shape=x_train.shape[1:]))
model.add(MaxPooling2D((2, 2)))
model.add(Conv2D(32, (3, 3), activation='relu'))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(64, activation='relu'))
model.add(Dropout(0.2))
model.add(Dense(num_classes, activation='softmax'))

# In[4]:
model.compile(loss='categorical_crossentropy',  # expect-or: metric-wrong
              optimizer='adam',  # expect-or: metric-wrong
              metrics=['binary_accuracy'])  # expect: metric-wrong

# In[5]:
history = model.fit(x_train, y_train,
                    batch_size=batch_size,
                    epochs=epochs,
                    validation_data=(x_test, y_test),
                    verbose=2)
print(pd.DataFrame(history.history).round(4))

# In[6]:
loss, acc = model.evaluate(x_test, y_test, verbose=0)
print('Test loss:', round(loss, 4))
print('Test accuracy:', round(acc, 4))

# In[7]:
guess = model.predict(x_test, verbose=0).argmax(axis=1)
hits = pd.Series(guess == labels_test).groupby([names[k] for k in labels_test]).mean()
print(hits.round(2).to_string())
print('all classes together:', round(float((guess == labels_test).mean()), 4))
