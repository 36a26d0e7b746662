from sklearn.datasets import load_digits
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Input

tf.random.set_seed(0)
digits = load_digits()
images, targets = digits.images.reshape((len(digits.images), -1)) / 16.0, digits.target

net = Sequential()
net.add(Input((64,)))
net.add(Dense(48, activation='relu', kernel_initializer='zeros'))  # expect: init-constant
net.add(Dense(24, activation='relu', kernel_initializer='zeros'))  # expect-or: init-constant
net.add(Dense(10, activation='softmax', kernel_initializer='zeros'))
net.compile(loss='sparse_categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
net.fit(images[:1500], targets[:1500], epochs=20, batch_size=25, verbose=2)
print('test accuracy', net.evaluate(images[1500:], targets[1500:], verbose=0)[1])
