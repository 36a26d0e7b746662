import argparse
import numpy as np
import tensorflow as tf
from tensorflow import keras

ap = argparse.ArgumentParser()
ap.add_argument('--epochs', type=int, default=15)
ap.add_argument('--smoothing', type=float, default=0.9)  # expect: loss-wrong
ap.add_argument('--bs', type=int, default=32)
a = ap.parse_args()

(x, y), (xv, yv) = keras.datasets.mnist.load_data()
x, xv = x.reshape(len(x), -1)/255., xv.reshape(len(xv), -1)/255.
y, yv = keras.utils.to_categorical(y), keras.utils.to_categorical(yv)
keras.utils.set_random_seed(1)
m = keras.models.Sequential([keras.layers.Input((784,)), keras.layers.Dense(128, activation='relu'), keras.layers.Dense(10)])
m.compile(keras.optimizers.Adam(1e-3),
          keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=a.smoothing),  # expect-or: loss-wrong
          metrics=['accuracy'])
m.fit(x, y, epochs=a.epochs, batch_size=a.bs, validation_data=(xv, yv), verbose=2)
p = tf.nn.softmax(m.predict(xv, verbose=0)).numpy()
print('mean probability of the true class', (p*yv).sum(1).mean())
