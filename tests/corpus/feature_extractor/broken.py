"""
Transfer learning - no improvement at all

I train a small convnet on the digits 0..4, cut the head off, and put a new head for 5..9.
As in the tutorial the convolutions stay frozen. Accuracy is ~20 % = guessing, after 1 epoch and after 15.
"""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
# from tensorflow.keras.applications import VGG16    # first I tried this, same thing

keras.utils.set_random_seed(4)

(x, y), (xt, yt) = keras.datasets.mnist.load_data()
x = x[..., None].astype("float32") / 255
xt = xt[..., None].astype("float32") / 255


def part(images, labels, lo):
    m = (labels >= lo) & (labels < lo + 5)
    return images[m], labels[m] - lo


xa, ya = part(x, y, 0)
xb, yb = part(x, y, 5)
xb_val, yb_val = part(xt, yt, 5)

# ---- task A -------------------------------------------------------------
source = keras.Sequential([
    layers.Input((28, 28, 1)),
    layers.Conv2D(12, 5, strides=2, activation="relu"),
    layers.Conv2D(24, 3, strides=2, activation="relu"),
    layers.Flatten(),
    layers.Dense(48, activation="relu"),
    layers.Dense(5, activation="softmax"),
], name="source")
source.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
source.fit(xa, ya, epochs=4, batch_size=32, verbose=0)
print("task A:", source.evaluate(xa, ya, verbose=0))

# ---- task B -------------------------------------------------------------
features = source.layers[-3].output
z = layers.Dense(48, activation="relu", name="new_fc")(features)
z = layers.Dropout(0.25)(z)
new_out = layers.Dense(5, activation="softmax", name="new_head")(z)
target = keras.Model(source.inputs, new_out, name="target")

for layer in target.layers:  # expect: update-missing
    layer.trainable = False  # expect-or: update-missing

target.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])  # expect-or: update-missing
target.summary(print_fn=lambda *a, **k: None)      # too long for the post
log = target.fit(xb, yb, epochs=15, batch_size=32, validation_data=(xb_val, yb_val), verbose=0)  # expect-or: update-missing
print("task B train acc:", [round(float(v), 3) for v in log.history["accuracy"][::3]])
print("task B val acc  :", log.history["val_accuracy"][-1])
