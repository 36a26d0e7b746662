import numpy as np
from tensorflow.keras.optimizers import Adam
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
x = np.array([[0,0],[0,1],[1,0],[1,1]], "float32"); y = np.array([0,1,1,0], "float32")
model = Sequential([Dense(16, activation='tanh', input_shape=(2,)),
                    Dense(1, activation='sigmoid')])
model.compile(loss='mse', optimizer=Adam(0.02), metrics=['accuracy'])
model.fit(x, y, epochs=400, verbose=0)
print(model.predict(x, verbose=0))
