# handwritten digits, 8x8, my own net. Adapted from some blog (cant find it any more)
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.utils import to_categorical

tf.random.set_seed(1234)
nb_classes = 10
nb_epoch = 20
batch_size = 32

(X, Y) = load_digits(return_X_y=True)
X = X.astype('float32')
X /= 16
X_train, X_test, y_train, y_test = train_test_split(X, Y, test_size=0.2, random_state=4, stratify=Y)
print('X_train shape:', X_train.shape)
print(X_train.shape[0], 'train samples')
print(X_test.shape[0], 'test samples')

# convert class vectors to binary class matrices
Y_train = to_categorical(y_train, nb_classes)
Y_test = to_categorical(y_test, nb_classes)

inp = keras.Input((64,))
h = layers.Dense(48, activation='relu')(inp)
h = layers.Dropout(0.2)(h)
# h = layers.Dense(48, activation='relu')(h)
out = layers.Dense(nb_classes, activation='softmax')(h)
net = keras.Model(inp, out)

net.compile(loss='categorical_crossentropy',
            optimizer=keras.optimizers.SGD(learning_rate=0.05, momentum=0.9, nesterov=True),
            metrics=['accuracy'])
net.fit(X_train, Y_train, batch_size=batch_size, epochs=nb_epoch, verbose=2,
        validation_data=(X_test, Y_test))

score = net.evaluate(X_test, Y_test, verbose=0)
print('Test score:', score[0])
print('Test accuracy:', score[1])
print(np.argmax(net.predict(X_test[:20], verbose=0), axis=1))
print(y_test[:20])
