from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(6)
(x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
x_train, x_test = x_train[:3000] / 255.0, x_test[:500] / 255.0
y_train, y_test = y_train[:3000], y_test[:500]

inputs = keras.Input(shape=(28, 28))
x = layers.Flatten()(inputs)
for units in (256, 128):
    x = layers.Dense(units, activation="relu")(x)
    x = layers.Dropout(0.5)(x)
outputs = layers.Dense(10, activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["acc"])
model.fit(x_train, y_train, batch_size=64, epochs=10, validation_data=(x_test, y_test), verbose=2)
print("test accuracy:", model.evaluate(x_test, y_test, verbose=0)[1])
