import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense
keras.utils.set_random_seed(1)
x = np.array([[0,0],[0,1],[1,0],[1,1]]); y = np.array([[0],[1],[1],[0]])
model = Sequential()
model.add(Dense(8, input_dim=2, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(x, y, epochs=2000, batch_size=4, verbose=0)
print(model.predict(x, verbose=0))
