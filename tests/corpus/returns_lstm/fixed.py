import numpy as np
import pandas as pd
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Input, LSTM, Dense
from tensorflow.keras.optimizers import Adam
from tensorflow.keras.utils import set_random_seed

set_random_seed(8)

# hourly price with a daily rhythm and momentum (stand-in for my csv)
hours = 1400
rng = np.random.default_rng(8)
change = np.zeros(hours)
for t in range(2, hours):
    change[t] = (0.55 * change[t - 1] - 0.25 * change[t - 2]
                 + 0.6 * np.sin(2 * np.pi * t / 24) + 0.3 * np.cos(2 * np.pi * t / 12) + 0.2 * rng.normal())
df = pd.DataFrame({'value': 2500 * np.exp(np.cumsum(change) / 100)})
df['pct'] = df.value.pct_change(periods=1) * 100

seq_len = 24
vals = df.pct.values[1:]          # first change is NaN
cut = 1050

scale = vals[:cut].std()
vals = ((vals - vals[:cut].mean()) / scale).astype('float32')


def windows(series):
    X, y = [], []
    for i in range(len(series) - seq_len):
        X.append(series[i:i + seq_len])
        y.append(series[i + seq_len])
    return np.array(X)[..., None], np.array(y)


train_X, train_y = windows(vals[:cut])
test_X, test_y = windows(vals[cut:])
print(train_X.shape, train_y.shape, test_X.shape, test_y.shape)

model = Sequential()
model.add(Input((seq_len, 1)))
model.add(LSTM(32))
model.add(Dense(1))
model.compile(loss='mse', optimizer=Adam(0.005))

history = model.fit(train_X, train_y, epochs=14, batch_size=32, validation_data=(test_X, test_y), verbose=2)

yhat = model.predict(test_X, verbose=0)[:, 0]
for p, a in list(zip(yhat, test_y))[:10]:
    print('predicted %+.3f   actual %+.3f' % (p * scale, a * scale))
r2 = 1 - np.mean((yhat - test_y) ** 2) / test_y.var()
print('test RMSE %.3f %%, R2 %.3f' % (np.sqrt(np.mean((yhat - test_y) ** 2)) * scale, r2))
