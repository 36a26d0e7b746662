import tensorflow as tf
from tensorflow.keras import Sequential, initializers
from tensorflow.keras.layers import Dense, Flatten, Input

tf.keras.utils.set_random_seed(42)

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.fashion_mnist.load_data()
x_train, y_train = x_train[:2000] / 255.0, y_train[:2000]
x_test, y_test = x_test[:500] / 255.0, y_test[:500]

model = Sequential([
    Input((28, 28)),
    Flatten(),
    Dense(128, activation='relu', bias_initializer=initializers.Constant(0.1)),
    Dense(64, activation='relu'),
    Dense(10, activation='softmax'),
])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(x_train, y_train, epochs=8, batch_size=50, validation_data=(x_test, y_test), verbose=2)
print('Test:', model.evaluate(x_test, y_test, verbose=0))
