import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

NUM_CLASSES = 10

tf.keras.utils.set_random_seed(16)
x, y = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x / 16.0, y, test_size=0.25, random_state=16)
onehot_train = tf.one_hot(y_train, NUM_CLASSES)
onehot_test = tf.one_hot(y_test, NUM_CLASSES)

model = tf.keras.Sequential([
    tf.keras.Input((64,)),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(NUM_CLASSES, activation="softmax"),
])
model.compile(optimizer="adam", loss="categorical_crossentropy")
model.fit(x_train, onehot_train, validation_data=(x_test, onehot_test), epochs=15, verbose=2)
prediction = model.predict(x_test, verbose=0).argmax(axis=1)
print("digits read correctly:", np.mean(prediction == y_test))
