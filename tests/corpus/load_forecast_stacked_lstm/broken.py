# Household load forecast, next hour from the last 24 hours.
# Every prediction is the same number (0.99...) whatever I feed in. Why??
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import pandas as pd
import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, LSTM, Dropout, Activation, GRU
from sklearn.preprocessing import MinMaxScaler
from sklearn.metrics import mean_squared_error
from math import sqrt

np.random.seed(1)
tf.random.set_seed(1)

hours = pd.date_range('2021-01-01', periods=24 * 30, freq='h')
h = hours.hour.values
load = 2.6 + 1.3 * np.sin(2 * np.pi * (h - 9) / 24) + 0.7 * np.sin(4 * np.pi * h / 24) \
    + 0.5 * (hours.dayofweek.values >= 5) + 0.12 * np.random.randn(len(h))
df = pd.DataFrame({'kW': load, 'temp': 8 + 5 * np.cos(2 * np.pi * (h - 14) / 24) + np.random.randn(len(h)),
                   'weekend': (hours.dayofweek.values >= 5).astype(float)}, index=hours)
print(df.describe())

look_back = 24
scaler = MinMaxScaler()
values = scaler.fit_transform(df.values)
target = df['kW'].values


def create_dataset(v, t, look_back=24):
    dataX, dataY = [], []
    for i in range(len(v) - look_back):
        dataX.append(v[i:i + look_back])
        dataY.append(t[i + look_back])
    return np.array(dataX), np.array(dataY)


X, Y = create_dataset(values, target, look_back)  # expect-or: target-scale
n = int(len(X) * 0.8)
trainX, testX, trainY, testY = X[:n], X[n:], Y[:n], Y[n:]
print(trainX.shape, trainY.shape, testX.shape)

model = Sequential()
model.add(tf.keras.Input(shape=(look_back, trainX.shape[2])))
model.add(LSTM(32, return_sequences=True))
model.add(Dropout(0.1))
model.add(LSTM(1))  # expect: output-activation
model.compile(loss='mse', optimizer=tf.keras.optimizers.Adam(learning_rate=0.01), metrics=['mae'])
model.summary()
hist = model.fit(trainX, trainY, epochs=9, batch_size=32, validation_data=(testX, testY), verbose=2)

yhat = model.predict(testX, verbose=0)
print(yhat[:10].ravel(), testY[:10])
plt.plot(testY); plt.plot(yhat)
print('Test RMSE: %.3f' % sqrt(mean_squared_error(testY, yhat.ravel())), 'std of y', testY.std())
