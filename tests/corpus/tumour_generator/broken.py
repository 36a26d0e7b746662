import numpy as np
from keras import Sequential, utils
from keras.layers import Input, Dense, BatchNormalization, Activation
from keras.optimizers import Adam
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

utils.set_random_seed(17)

epochs = 10
batch_size = 1  # expect: batch-size
n_train = 320

X, y = load_breast_cancer(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(X, y, train_size=n_train, stratify=y, random_state=3)
sc = StandardScaler().fit(x_train)
x_train, x_test = sc.transform(x_train).astype('float32'), sc.transform(x_test).astype('float32')


def sample_generator(x, y, size):
    while True:
        order = np.random.permutation(len(x))
        for i in range(0, len(x), size):
            take = order[i:i + size]
            yield x[take], y[take].reshape(-1, 1)


model = Sequential()
model.add(Input((x_train.shape[1],)))
model.add(Dense(24, use_bias=False))
model.add(BatchNormalization(momentum=0.9))
model.add(Activation('elu'))
model.add(Dense(12, use_bias=False))
model.add(BatchNormalization(momentum=0.9))
model.add(Activation('elu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer=Adam(0.003), metrics=['accuracy'],
              steps_per_execution=8)

model.fit(sample_generator(x_train, y_train, batch_size),  # expect-or: batch-size
          steps_per_epoch=n_train // batch_size,
          epochs=epochs,
          validation_data=(x_test, y_test.reshape(-1, 1)),
          verbose=2)

p = model.predict(x_test, verbose=0)[:, 0]
print('benign share of the test set %.3f' % y_test.mean())
print('test accuracy of the usable model %.3f' % ((p > 0.5) == y_test).mean())
