"""Two-stage training: first the head on a frozen backbone, then everything."""
import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(14)

X, y = load_digits(return_X_y=True)
X = (X.reshape(-1, 8, 8, 1) / 16).astype("float32")
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=400, random_state=1, stratify=y)


def make_backbone():
    inp = keras.Input((8, 8, 1))
    x = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu", name="stem")(inp)
    x = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu", name="block1")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(24, activation="relu", name="block2")(x)
    x = layers.Dense(8, activation="tanh", name="embedding")(x)
    return keras.Model(inp, x, name="backbone")


def compile_with(model, lr):
    model.compile(optimizer=keras.optimizers.Adam(lr),
                  loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=["accuracy"])


backbone = make_backbone()
backbone.trainable = False

inp = keras.Input((8, 8, 1))
model = keras.Model(inp, layers.Dense(10, name="head")(backbone(inp, training=False)))

print("stage 1: head only")
compile_with(model, 5e-3)
model.fit(X_tr, y_tr, epochs=3, batch_size=64, verbose=2)

print("stage 2: fine-tune")
for layer in backbone.layers:
    if layer.name.startswith(("block", "embedding")):
        layer.trainable = True
compile_with(model, 3e-3)
model.fit(X_tr, y_tr, validation_split=0.1, epochs=14, batch_size=32, verbose=2)

loss, acc = model.evaluate(X_te, y_te, verbose=0)
print("test accuracy %.4f" % acc)
