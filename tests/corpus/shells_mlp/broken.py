"""Assign particles to one of three energy shells from their position and speed."""
from dataclasses import dataclass

import numpy as np
import keras
from keras.callbacks import EarlyStopping, ReduceLROnPlateau
from sklearn.datasets import make_gaussian_quantiles
from sklearn.model_selection import train_test_split


@dataclass
class Config:
    widths: tuple = (96, 64, 32)
    lr: float = 3e-3
    batch: int = 64
    epochs: int = 18
    seed: int = 404


cfg = Config()
keras.utils.set_random_seed(cfg.seed)


def build(cfg, n_features, n_shells):
    net = keras.Sequential(name="shells")
    net.add(keras.layers.Input((n_features,)))
    for width in cfg.widths:
        net.add(keras.layers.Dense(width, kernel_initializer="he_normal"))  # expect: no-nonlinearity
    net.add(keras.layers.Dense(n_shells))  # expect-or: no-nonlinearity
    net.compile(
        optimizer=keras.optimizers.RMSprop(cfg.lr),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc")],
    )
    return net


X, shell = make_gaussian_quantiles(n_samples=9000, n_features=6, n_classes=3, random_state=cfg.seed)
X = X.astype("float32")
X_tr, X_te, s_tr, s_te = train_test_split(X, shell, test_size=0.25, random_state=cfg.seed)

net = build(cfg, X.shape[1], 3)  # expect-or: no-nonlinearity
net.summary()
log = net.fit(
    X_tr, s_tr,
    validation_split=0.2,
    batch_size=cfg.batch,
    epochs=cfg.epochs,
    callbacks=[
        EarlyStopping(patience=10, restore_best_weights=True),
        ReduceLROnPlateau(patience=4, factor=0.3),
    ],
    verbose=0,
)
print("epochs run     :", len(log.epoch))
print("train accuracy : %.3f" % log.history["acc"][-1])
print("test accuracy  : %.3f" % net.evaluate(X_te, s_te, verbose=0, return_dict=True)["acc"])
