"""Handwritten digits (the sklearn ones). Same architecture as in the book, they get 0.97 and I am far below that"""
import datetime
import numpy as np
import tensorflow as tf
from tensorflow import keras
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras import layers
from tensorflow.keras.callbacks import EarlyStopping, ModelCheckpoint, TensorBoard

keras.utils.set_random_seed(42)

d = load_digits()
x = d.images.astype("float32")[..., None] / 16
x_train, x_test, y_train, y_test = train_test_split(x, d.target, test_size=0.2, random_state=42)
print(x_train.shape, x_test.shape)

model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(16, 3, padding="same", activation="relu"),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(64, activation="relu"),
    layers.Dropout(0.2),
    layers.Dense(10, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.Adam(3e-4), loss="sparse_categorical_crossentropy", metrics=["accuracy"])

# log_dir = "logs/" + datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
stopper = EarlyStopping(monitor="val_accuracy", mode="max", patience=2,
                        restore_best_weights=True, verbose=1)
callbacks = [stopper]  # , TensorBoard(log_dir)]

history = model.fit(x_train, y_train, batch_size=64, epochs=25, validation_split=0.2, callbacks=callbacks, verbose=2)

print("epochs run:", len(history.history["loss"]))
test_loss, test_acc = model.evaluate(x_test, y_test, verbose=0)
print("test acc", test_acc)
