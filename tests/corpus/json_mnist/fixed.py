import json
import os

import numpy as np
import tensorflow as tf
import keras
from keras import layers

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "net_b.json")) as f:
    cfg = json.load(f)

keras.utils.set_random_seed(cfg["seed"])

(xtr, ytr), (xte, yte) = keras.datasets.mnist.load_data()
xtr = xtr[:2000].reshape(-1, 784).astype("float32") / 255.
xte = xte[:500].reshape(-1, 784).astype("float32") / 255.
ytr, yte = ytr[:2000], yte[:500]

train = (tf.data.Dataset.from_tensor_slices((xtr, ytr))
         .shuffle(2000, seed=1).batch(cfg["batch"]).prefetch(2))
test = tf.data.Dataset.from_tensor_slices((xte, yte)).batch(250)


def build(cfg):
    inp = keras.Input((784,))
    h = inp
    for width in cfg["hidden"]:
        h = layers.Dense(width, activation=cfg["activation"])(h)
        h = layers.Dropout(cfg["drop"])(h)
    out = layers.Dense(10)(h)
    return keras.Model(inp, out)


net = build(cfg)
net.summary()
net.compile(keras.optimizers.Adam(cfg["lr"]),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["sparse_categorical_accuracy"])
net.fit(train, validation_data=test, epochs=cfg["epochs"], verbose=2)

pred = np.argmax(net.predict(test, verbose=0), axis=1)
print("predicted classes:", np.bincount(pred, minlength=10))
print("accuracy on the 500 test images:", (pred == yte).mean())
