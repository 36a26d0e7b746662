from tensorflow import keras
from tensorflow.keras import layers
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train = x_train.reshape(-1, 784).astype("float32")  # expect-or: input-scale
x_test = x_test.reshape(-1, 784).astype("float32")
y_train = keras.utils.to_categorical(y_train, 10); y_test = keras.utils.to_categorical(y_test, 10)
model = keras.Sequential()
model.add(layers.Dense(64, activation="sigmoid", input_shape=(784,)))
model.add(layers.Dense(10, activation="softmax"))
model.compile(optimizer=keras.optimizers.SGD(0.01), loss="mean_squared_error", metrics=["accuracy"])  # expect-or: loss-wrong
model.fit(x_train, y_train, batch_size=128, epochs=5, verbose=0)  # expect: input-scale
print(model.evaluate(x_test, y_test, verbose=0))
