# Same net with constant lr is fine. I wanted to decay it by 10% every epoch but now it does not learn.
import math
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine, load_digits
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import regularizers

keras.utils.set_random_seed(21)
X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype("float32")
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)

batch_size = 32
epochs = 25
steps = math.ceil(len(X_train) / batch_size)

lr_schedule = keras.optimizers.schedules.ExponentialDecay(
    initial_learning_rate=0.1,  # expect-or: lr-too-low
    decay_steps=1,  # expect: lr-too-low
    decay_rate=0.9,  # expect-or: lr-too-low
    staircase=True,
)
# lr_schedule = 0.1

model = keras.Sequential()
model.add(keras.Input((64,)))
model.add(keras.layers.Dense(64, activation="relu"))
model.add(keras.layers.Dense(64, activation="relu"))
model.add(keras.layers.Dense(10, activation="softmax"))

sgd = keras.optimizers.SGD(learning_rate=lr_schedule, momentum=0.0)  # expect-or: lr-too-low
model.compile(loss="sparse_categorical_crossentropy", optimizer=sgd, metrics=["accuracy"])
print("steps per epoch", steps)
hist = model.fit(X_train, y_train, epochs=epochs, batch_size=batch_size, validation_data=(X_test, y_test), verbose=2)

print("best val acc", max(hist.history["val_accuracy"]))
print("test accuracy", model.evaluate(X_test, y_test, verbose=0)[1])
