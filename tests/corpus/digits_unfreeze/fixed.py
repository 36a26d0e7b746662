"""
Two-stage transfer learning:
  0. the backbone learns a coarse task (low digits / high digits),
  1. a new ten-way head is trained on the frozen backbone,
  2. the whole net is fine-tuned.
"""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models, optimizers

tf.keras.utils.set_random_seed(8)


def load():
    here = os.path.dirname(os.path.abspath(__file__))
    d = np.load(os.path.join(here, "mnist_small.npz"))
    x_tr = d["x_train"][..., None].astype("float32") / 255.0
    x_te = d["x_test"][..., None].astype("float32") / 255.0
    return x_tr, d["y_train"].astype("int32"), x_te, d["y_test"].astype("int32")


def make_backbone():
    return models.Sequential([
        layers.Input(shape=(28, 28, 1)),
        layers.Conv2D(16, 3, strides=2, activation="relu", padding="same"),
        layers.Conv2D(32, 3, strides=2, activation="relu", padding="same"),
        layers.Flatten(),
        layers.Dropout(0.4),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="relu"),
    ], name="backbone")


def pretrain(backbone, x, y):
    net = models.Sequential([backbone, layers.Dense(1, activation="sigmoid")])
    net.compile(optimizer=optimizers.Adam(2e-3), loss="binary_crossentropy", metrics=["accuracy"])
    h = net.fit(x, (y >= 5).astype("float32"), epochs=5, batch_size=64, verbose=0)
    print("stage 0: coarse accuracy %.3f" % h.history["accuracy"][-1])


def report(stage, h):
    for i, (a, v) in enumerate(zip(h.history["accuracy"], h.history["val_accuracy"]), 1):
        if i % 2 == 0:
            print("stage %d  epoch %2d  acc %.3f  val_acc %.3f" % (stage, i, a, v))


def main():
    x_tr, y_tr, x_te, y_te = load()
    backbone = make_backbone()
    pretrain(backbone, x_tr, y_tr)

    for layer in backbone.layers:
        layer.trainable = False
    model = models.Sequential([backbone, layers.Dense(10, activation="softmax", name="head")])
    model.compile(optimizer=optimizers.Adam(2e-3),
                  loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    h1 = model.fit(x_tr, y_tr, epochs=6, batch_size=64, validation_data=(x_te, y_te), verbose=0)
    report(1, h1)

    for layer in model.layers[0].layers:
        layer.trainable = True
    model.compile(optimizer=optimizers.Adam(2e-3),
                  loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.summary()
    h2 = model.fit(x_tr, y_tr, epochs=10, batch_size=64, validation_data=(x_te, y_te), verbose=0)
    report(2, h2)

    gain = h2.history["val_accuracy"][-1] - h1.history["val_accuracy"][-1]
    print("fine-tuning changed validation accuracy by %+.3f" % gain)


if __name__ == "__main__":
    main()
