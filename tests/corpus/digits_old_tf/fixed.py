# ported from my TensorFlow 1 script (feed_dict and so on). There it reached 98%, here it guesses.
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras.layers import Input, Conv2D, MaxPooling2D, Flatten, Dense, Dropout
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import Adam, SGD

tf.keras.utils.set_random_seed(99)

d = load_digits()
x = d.images[..., np.newaxis].astype(np.float32) / 16.
y = np.eye(10, dtype=np.float32)[d.target]
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=.25, random_state=9)

n_hidden = 48
rate = 0.1
learning_rate = 1e-3
training_epochs = 15
display_step = 1

model = Sequential([
    Input(shape=(8, 8, 1)),
    Conv2D(16, 3, padding='same', activation='relu'),
    MaxPooling2D(),
    Dropout(rate),
    Flatten(),
    Dense(n_hidden, activation='relu'),
    Dropout(rate),
    Dense(n_hidden, activation='relu'),
    Dropout(rate),
    Dense(10, activation='softmax'),
])
model.compile(optimizer=Adam(learning_rate), loss='categorical_crossentropy', metrics=['accuracy'])
# saver = tf.train.Saver()

for epoch in range(training_epochs):
    h = model.fit(x_train, y_train, batch_size=32, epochs=1, verbose=0)
    if epoch % display_step == 0:
        print("Epoch:", '%04d' % (epoch + 1), "cost={:.9f}".format(h.history['loss'][0]), "acc", h.history['accuracy'][0])

print("Optimization Finished!")
print("Testing Accuracy:", model.evaluate(x_test, y_test, verbose=0)[1])
