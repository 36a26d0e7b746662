# Handwritten digits with a small dense network (exercise 3)
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(7)

digits = load_digits()
X = digits.data.astype("float32") / 16.0
y = digits.target

X_train, X_test, y_train, y_test = train_test_split(
    X, y, test_size=0.25, random_state=7, stratify=y
)
print(X_train.shape, X_test.shape)

model = keras.Sequential()
model.add(keras.Input(shape=(64,)))
model.add(layers.Dense(64, activation="relu"))
model.add(layers.Dense(32, activation="relu"))
model.add(layers.Dense(10, activation="softmax"))

model.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.summary()

history = model.fit(
    X_train, y_train,
    epochs=25,
    batch_size=32,
    validation_data=(X_test, y_test),
    verbose=2,
)

print("best val accuracy:", round(max(history.history["val_accuracy"]), 3))
print("test accuracy: %.3f" % model.evaluate(X_test, y_test, verbose=0)[1])
