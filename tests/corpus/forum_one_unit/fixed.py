import numpy as np, pandas as pd
from sklearn.datasets import load_breast_cancer
from keras.models import Sequential
from keras.layers import Dense
d = load_breast_cancer()
X = (d.data - d.data.mean(0)) / d.data.std(0); Y = d.target
model = Sequential()
model.add(Dense(16, activation='relu', input_shape=(30,)))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
model.fit(X, Y, epochs=20, batch_size=16, validation_split=0.2, verbose=0)
print(model.evaluate(X, Y, verbose=0))
