"""1D convolutions over tweets, three moods. (Keras twin of my tflearn script.)"""
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Input, Embedding, Conv1D, MaxPool1D, Dropout, Flatten, Dense

keras.utils.set_random_seed(77)
rng = np.random.default_rng(77)

vocab_size = 400
length = 40
moods = ['neg', 'neutral', 'pos']


def make_tweets(n):
    """Word ids; every mood has its own pet words, sprinkled over a common language."""
    common = 1.0 / np.arange(3, vocab_size + 3)
    common /= common.sum()
    pets = {0: np.arange(300, 325), 1: np.arange(330, 355), 2: np.arange(360, 385)}
    y = rng.integers(0, 3, n)
    x = rng.choice(vocab_size, size=(n, length), p=common)
    for row, mood in zip(x, y):
        k = rng.integers(3, 7)
        row[rng.choice(length, k, replace=False)] = rng.choice(pets[mood], k)
    return x.astype('int32'), keras.utils.to_categorical(y, len(moods))


x_train, y_train = make_tweets(3000)
x_test, y_test = make_tweets(600)

l2 = keras.regularizers.l2(0.0001)

model = Sequential()
model.add(Input((length,)))
model.add(Embedding(input_dim=vocab_size, output_dim=32))
model.add(Conv1D(filters=32, kernel_size=3, padding='same', activation='relu', kernel_regularizer=l2))
model.add(Conv1D(filters=32, kernel_size=7, padding='same', activation='relu', kernel_regularizer=l2))
model.add(Conv1D(filters=32, kernel_size=7, padding='same', activation='relu', kernel_regularizer=l2))
model.add(MaxPool1D(pool_size=3))
model.add(Dropout(0.5))
model.add(Flatten())
model.add(Dense(3, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])

model.fit(x_train, y_train, batch_size=64, epochs=8, validation_data=(x_test, y_test), verbose=2)
print('test accuracy %.3f' % model.evaluate(x_test, y_test, verbose=0)[1])
