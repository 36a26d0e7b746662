import pathlib
import numpy as np, pandas as pd
import tensorflow as tf
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(10)
folder = pathlib.Path(__file__).resolve().parent

### 1. read + features
sales = pd.read_csv(folder / 'sales.csv', parse_dates=['date']).sort_values('date')
print('missing values in file:', int(sales.isna().sum().sum()))
sales['weekday'] = sales['date'].dt.day_name()
sales['t'] = (sales['date'] - sales['date'].min()).dt.days
sales['promo_weekend'] = sales['promo'] * sales['weekday'].isin(['Friday', 'Saturday', 'Sunday'])
target = np.log1p(sales['units'])

X = sales.drop(columns=['date', 'units', 't'])
X = pd.get_dummies(X, columns=['store', 'weekday']).astype('float32')

### 2. last 20 % of the days = test
last_train_day = sales['t'].max() * 0.8
is_train = (sales['t'] <= last_train_day).to_numpy()
X_train, X_test = X[is_train], X[~is_train]
y_train, y_test = target[is_train], target[~is_train]

### 3. normalise with the statistics of the training part only
mean = X_train.mean()
std = X_train.std().replace(0, 1)
X_train = (X_train - mean) / std
X_test = (X_test - mean) / std
y_mean, y_std = y_train.mean(), y_train.std()
print(X_train.shape, X_test.shape)

### 4. model
inputs = layers.Input(shape=(X_train.shape[1],))
z = layers.Dense(64, activation='relu')(inputs)
z = layers.Dense(32, activation='relu')(z)
out = layers.Dense(1)(z)
net = tf.keras.Model(inputs, out)
net.compile(optimizer=tf.keras.optimizers.Adam(0.002), loss='mse', metrics=['mae'])

net.fit(X_train.to_numpy(), ((y_train - y_mean) / y_std).to_numpy(),
        epochs=40, batch_size=32, verbose=0,
        callbacks=[tf.keras.callbacks.LambdaCallback(
            on_epoch_end=lambda e, logs: print(e, logs) if e % 8 == 0 else None)])

### 5. score
pred = net.predict(X_test.to_numpy(), verbose=0)[:, 0] * y_std + y_mean
resid = y_test.to_numpy() - pred
print('test R2   ', 1 - (resid ** 2).mean() / y_test.var())
print('test MAPE ', np.mean(np.abs(np.expm1(pred) - np.expm1(y_test)) / np.expm1(y_test)))
