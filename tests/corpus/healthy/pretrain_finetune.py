# denoising autoencoder on all unlabelled digits, then 200 labels: head first with the encoder frozen, then everything slowly
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(15)
d = load_digits()
X = (d.data / 16.0).astype("float32")
x_un, x_te, y_un, y_te = train_test_split(X, d.target, test_size=0.25, random_state=5, stratify=d.target)
x_lab, _, y_lab, _ = train_test_split(x_un, y_un, train_size=300, random_state=5, stratify=y_un)

encoder = keras.Sequential([keras.Input((64,)), layers.Dense(96, activation="relu"), layers.Dense(48, activation="relu")], name="encoder")
decoder = keras.Sequential([keras.Input((48,)), layers.Dense(96, activation="relu"), layers.Dense(64, activation="sigmoid")], name="decoder")
inp = keras.Input((64,))
auto = keras.Model(inp, decoder(encoder(layers.GaussianNoise(0.15)(inp))))
auto.compile(keras.optimizers.Adam(2e-3), "mse")
auto.fit(x_un, x_un, epochs=15, batch_size=64, validation_data=(x_te, x_te), verbose=2)

encoder.trainable = False
clf = keras.Sequential([keras.Input((64,)), encoder, layers.Dense(10, activation="softmax")])
clf.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
clf.fit(x_lab, y_lab, epochs=12, batch_size=32, validation_data=(x_te, y_te), verbose=2)

encoder.trainable = True
clf.compile(keras.optimizers.Adam(2e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
clf.fit(x_lab, y_lab, epochs=8, batch_size=32, validation_data=(x_te, y_te), verbose=2)
print("test accuracy with 300 labels:", clf.evaluate(x_te, y_te, verbose=0)[1])
