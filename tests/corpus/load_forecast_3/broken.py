import argparse
import os
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')

import keras
import pandas as pd
import tensorflow as tf
from keras import layers

p = argparse.ArgumentParser(description='one-hour-ahead demand forecast from 24 h of history')
p.add_argument('--csv', default='station_hourly.csv')  # expect: input-nan
p.add_argument('--history', type=int, default=24)
p.add_argument('--epochs', type=int, default=8)
p.add_argument('--units', type=int, default=32)
args = p.parse_args()
keras.utils.set_random_seed(21)

COLS = ['temp_c', 'humidity', 'log_wind', 'load_mw']

table = pd.read_csv(args.csv, parse_dates=['time']).set_index('time')  # expect-or: input-nan
# the logger drops a reading now and then
table = table[COLS].interpolate(limit_direction='both')  # expect-or: input-nan
n_train = int(len(table) * 0.8)
past, recent = table.iloc[:n_train], table.iloc[n_train:]

centre = past.median()
spread = past.quantile(0.75) - past.quantile(0.25)
past = ((past - centre) / spread).to_numpy('float32')  # expect-or: input-nan
recent = ((recent - centre) / spread).to_numpy('float32')  # expect-or: input-nan


def windows(values, training):
    n = args.history
    ds = tf.data.Dataset.from_tensor_slices(values)
    ds = ds.window(n + 1, shift=1, drop_remainder=True)
    ds = ds.flat_map(lambda w: w.batch(n + 1, drop_remainder=True))
    ds = ds.map(lambda w: (w[:-1], w[-1, 3:]))
    ds = ds.cache()
    if training:
        ds = ds.shuffle(4096, seed=2)
    return ds.batch(64).prefetch(2)


train_ds, val_ds = windows(past, True), windows(recent, False)  # expect-or: input-nan

net = keras.Sequential([
    layers.Input((args.history, len(COLS))),
    layers.GRU(args.units),
    layers.Dense(16, activation='relu'),
    layers.Dense(1),
])
net.compile(
    optimizer=keras.optimizers.Adam(4e-3, clipnorm=1.0),
    loss=keras.losses.Huber(),
    metrics=[keras.metrics.MeanAbsoluteError(name='mae')],
    jit_compile=False,
)
net.fit(  # expect-or: input-nan
    train_ds,  # expect-or: input-nan
    validation_data=val_ds,  # expect-or: input-nan
    epochs=args.epochs,  # expect-or: input-nan
    callbacks=[keras.callbacks.ReduceLROnPlateau(monitor='val_loss', patience=2, factor=0.5)],  # expect-or: input-nan
    verbose=2,  # expect-or: input-nan
)

scaled_mae = net.evaluate(val_ds, return_dict=True, verbose=0)['mae']
print(f"validation MAE {scaled_mae * spread['load_mw']:.2f} MW")
