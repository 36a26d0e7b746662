from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow import keras

keras.utils.set_random_seed(3)
X, y = load_digits(return_X_y=True)
a, b, c, d = train_test_split(X / 16.0, y, test_size=0.25, random_state=0)
net = keras.Sequential([keras.Input((64,)), keras.layers.Dense(64, activation="tanh"),
                        keras.layers.Dense(64, activation="tanh"), keras.layers.Dense(10, activation="softmax")])
net.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(a, c, epochs=120, batch_size=32, validation_data=(b, d), verbose=2)
print("validation accuracy", net.evaluate(b, d, verbose=0)[1])
