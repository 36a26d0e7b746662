# Second stage of my digit recogniser: take the encoder that I trained last week
# (numpy arrays, written by the Colab notebook) and train it together with a new head.
import os
import numpy as np
import tensorflow as tf
from tensorflow import keras

tf.random.set_seed(3)
here = os.path.dirname(os.path.abspath(__file__))

(xtr, ytr), (xte, yte) = keras.datasets.mnist.load_data()
xtr = xtr.reshape(len(xtr), -1).astype("float32") / 255
xte = xte.reshape(len(xte), -1).astype("float32") / 255

net = keras.Sequential([
    keras.layers.Input((784,)),
    keras.layers.Dense(96, activation="relu", name="enc1"),
    keras.layers.Dense(48, activation="relu", name="enc2"),
    keras.layers.Dense(10, activation="softmax", name="head"),
])

ckpt = np.load(os.path.join(here, "enc_ep20.npz"))  # expect: dead-relu
for name in ("enc1", "enc2"):
    net.get_layer(name).set_weights([ckpt[name + "/kernel"], ckpt[name + "/bias"]])  # expect-or: dead-relu
print("loaded", list(ckpt.keys()))

net.compile(optimizer=keras.optimizers.Adam(1e-3),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"])
net.fit(xtr, ytr, batch_size=64, epochs=8, validation_data=(xte, yte), verbose=2)

loss, acc = net.evaluate(xte, yte, verbose=0)
print(f"test loss {loss:.3f}  test accuracy {acc:.3f}")
print("first predictions:", net.predict(xte[:15], verbose=0).argmax(1), "truth:", yte[:15])
