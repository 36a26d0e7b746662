# river level forecast (cm). everybody says scale your data, but here nothing is scaled by hand
# and shuffle=False because it is a time series. Loss is in the thousands at the start, is it ok?
import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras import layers, Sequential
import matplotlib
matplotlib.use('Agg')

tf.keras.utils.set_random_seed(6)
n = 1000
rain = np.random.gamma(0.3, 12, n)
level = np.zeros(n); level[0] = 220
for k in range(1, n):
    level[k] = 180 + 0.88 * (level[k - 1] - 180) + 0.9 * rain[k - 1] + 1.5 * np.random.randn()
df = pd.DataFrame({'level_cm': level, 'rain_mm': rain, 'pressure': 1013 + 8 * np.random.randn(n)})
print(df.describe())
v = df.values.astype('float32')
T = 12
X = np.stack([v[i:i + T] for i in range(n - T)])
y = v[T:, :1]
cut = 800
norm = layers.Normalization(axis=-1)
norm.adapt(X[:cut])
mu, sd = float(y[:cut].mean()), float(y[:cut].std())

model = Sequential([
    tf.keras.Input((T, 3)),
    norm,
    layers.GRU(24),
    layers.Dense(1),
    layers.Rescaling(scale=sd, offset=mu),     # back to centimetres
])
model.compile(loss='mse', optimizer=tf.keras.optimizers.Adam(0.01), metrics=['mae'])
model.fit(X[:cut], y[:cut], epochs=15, batch_size=32, shuffle=False, verbose=2,
          validation_data=(X[cut:], y[cut:]))
p = model.predict(X[cut:], verbose=0)
print('RMSE cm', np.sqrt(np.mean((p - y[cut:]) ** 2)), ' std', y[cut:].std(),
      ' persistence', np.sqrt(np.mean((X[cut:, -1, 0] - y[cut:, 0]) ** 2)))
