# loss: 0.0000e+00 from the very first epoch and the accuracy never moves (binary, breast cancer).
# Same code with 10 classes (my other project) works perfectly!!
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler
from keras.models import Sequential
from keras.layers import Dense, Dropout, Input
from keras.callbacks import EarlyStopping
from keras.optimizers import SGD, Adam
import keras
import numpy as np
import sys

keras.utils.set_random_seed(10)
X, Y = load_breast_cancer(return_X_y=True)
X = MinMaxScaler().fit_transform(X)
x_train, x_test, y_train, y_test = train_test_split(X, Y, test_size=.2, stratify=Y, random_state=10)

def build(layers=(32, 16), drop=0.1, opt=None):
    m = Sequential()
    m.add(Input((30,)))
    for u in layers:
        m.add(Dense(u, activation='relu'))
        m.add(Dropout(drop))
    m.add(Dense(1, activation='sigmoid'))  # expect-or: output-activation
    m.compile(loss='categorical_crossentropy', optimizer=opt or Adam(0.003), metrics=['binary_accuracy'])  # expect: loss-wrong
    return m

# grid search (reduced)
best = None
for layers in [(32, 16)]:
    model = build(layers)
    model.fit(x_train, y_train, epochs=40, batch_size=16, verbose=0, validation_data=(x_test, y_test))  # expect-or: loss-wrong
    score = model.evaluate(x_test, y_test, verbose=0)
    print(layers, 'loss %.4f  acc %.4f' % tuple(score))
    if best is None or score[1] > best: best = score[1]
print('best', best)
