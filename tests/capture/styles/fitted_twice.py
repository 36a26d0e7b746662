"""A model that is compiled and fitted twice."""

import numpy as np
import tensorflow as tf
tf.keras.utils.set_random_seed(17)
rng = np.random.default_rng(17)
W = rng.normal(size=(8, 3))

def make(n, shift):
    x = rng.normal(size=(n, 8)).astype('float32')
    return x, (x @ W + shift).argmax(1)

model = tf.keras.Sequential([tf.keras.layers.Input((8,)), tf.keras.layers.Dense(24, activation='relu'),
                             tf.keras.layers.Dropout(0.1), tf.keras.layers.Dense(3, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
h1 = model.fit(*make(2000, 0), epochs=3, batch_size=32, verbose=0)
model.compile(tf.keras.optimizers.SGD(0.05), 'sparse_categorical_crossentropy', metrics=['accuracy'])
h2 = model.fit(*make(600, np.array([1.0, 0, -1.0])), epochs=3, batch_size=20, verbose=0, validation_data=make(200, np.array([1.0, 0, -1.0])))
print([repr(v) for v in h1.history['loss'] + h2.history['loss'] + h2.history['val_loss']])
print('steps', 63 * 8, 30 * 6)
