# -*- coding: utf-8 -*-
"""King county houses. Regression tutorial (auto mpg) changed to my csv"""
import pathlib
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(3)

csvfile = pathlib.Path(__file__).parent / "kc_sample.csv"
raw_dataset = pd.read_csv(csvfile)
dataset = raw_dataset.copy()
dataset = dataset.dropna()
dataset.pop("id")
dataset["age"] = 2015 - dataset.pop("yr_built")

train_dataset = dataset.sample(frac=0.8, random_state=0)
test_dataset = dataset.drop(train_dataset.index)

train_stats = train_dataset.describe()
train_stats.pop("price")
train_stats = train_stats.transpose()

train_labels = train_dataset.pop("price") / 1e5
test_labels = test_dataset.pop("price") / 1e5


def norm(x):
    return (x - train_stats['mean']) / train_stats['std']


normed_train_data = norm(train_dataset)
normed_test_data = norm(test_dataset)


def build_model():
    model = keras.Sequential([
        layers.Input(shape=(len(train_dataset.keys()),)),
        layers.Dense(64, activation='relu'),
        layers.Dense(64, activation='relu'),
        layers.Dense(1)
    ])
    optimizer = tf.keras.optimizers.RMSprop(0.001)
    model.compile(loss='mse', optimizer=optimizer, metrics=['mae', 'mse'])
    return model


model = build_model()


# Display training progress by printing a single dot for each completed epoch
class PrintDot(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs):
        if epoch % 100 == 0:
            print('')
        print('.', end='')


EPOCHS = 60

history = model.fit(
    normed_train_data, train_labels,
    epochs=EPOCHS, validation_split=0.2, verbose=0,
    callbacks=[PrintDot()])

hist = pd.DataFrame(history.history)
hist['epoch'] = history.epoch
print()
print(hist.tail(3)[['epoch', 'loss', 'val_loss']])

test_predictions = model.predict(normed_test_data, verbose=0).flatten()
error = test_predictions - test_labels
r2 = 1 - np.sum(error ** 2) / np.sum((test_labels - test_labels.mean()) ** 2)
print("first predictions:", test_predictions[:4].round(2), " true:", test_labels.values[:4])
print("relative test MAE %.3f, R2 %.3f" % (np.abs(error).mean() / test_labels.mean(), r2))
