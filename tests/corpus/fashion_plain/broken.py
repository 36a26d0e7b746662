import numpy as np
from tensorflow import keras
from tensorflow.keras.datasets import fashion_mnist
from tensorflow.keras.layers import Dense, Flatten, Input
from tensorflow.keras.models import Sequential

keras.utils.set_random_seed(1)

(x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
x_train = x_train.astype("float32")  # expect-or: input-scale
x_test = x_test.astype("float32")

model = Sequential()
model.add(Input((28, 28)))
model.add(Flatten())
model.add(Dense(128, activation="relu"))  # expect-or: input-scale
model.add(Dense(64, activation="relu"))
model.add(Dense(10))  # expect-also: loss-logits
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1),
              loss="sparse_categorical_crossentropy",  # expect-also-or: loss-logits
              metrics=["accuracy"])

model.fit(x_train, y_train, epochs=10, batch_size=32, validation_split=0.1, verbose=2)  # expect: input-scale

print("test accuracy:", round(model.evaluate(x_test, y_test, verbose=0)[1], 4))
