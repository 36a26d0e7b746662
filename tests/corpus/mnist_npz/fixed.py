import os
import numpy as np
from tensorflow import keras
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.optimizers import SGD
from tensorflow.keras.utils import to_categorical

# exercise 3: handwritten digits with a simple network

keras.utils.set_random_seed(42)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "digits_small_2.npz")


def load_data(path):
    with np.load(path) as f:
        return (f["x_train"], f["y_train"]), (f["x_test"], f["y_test"])


(x_train, y_train), (x_test, y_test) = load_data(path)
print("images:", x_train.shape, "labels:", y_train.shape)

# flatten 28x28 -> 784
x_train = x_train.reshape(-1, 784).astype("float32")
x_test = x_test.reshape(-1, 784).astype("float32")

# one hot
num_classes = 10
y_train = to_categorical(y_train, num_classes)
y_test = to_categorical(y_test, num_classes)

model = Sequential()
model.add(Input(shape=(784,)))
model.add(Dense(128, activation="relu"))
model.add(Dense(64, activation="relu"))
model.add(Dense(num_classes, activation="softmax"))
model.summary()

model.compile(loss="categorical_crossentropy",
              optimizer=SGD(learning_rate=0.1),
              metrics=["accuracy"])

hist = model.fit(x_train, y_train,
                 batch_size=32,
                 epochs=8,
                 verbose=2,
                 validation_data=(x_test, y_test))

score = model.evaluate(x_test, y_test, verbose=0)
print("Test loss:", round(score[0], 4))
print("Test accuracy:", round(score[1], 4))

pred = model.predict(x_test[:10], verbose=0).argmax(axis=1)
print("predicted:", pred)
print("true     :", y_test[:10].argmax(axis=1))
