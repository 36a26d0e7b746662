"""Callbacks that stop, save and change the learning rate."""

import os, tempfile
import numpy as np
import tensorflow as tf
from tensorflow.keras.callbacks import (EarlyStopping, ReduceLROnPlateau, ModelCheckpoint,
                                        LearningRateScheduler, LambdaCallback)
tf.keras.utils.set_random_seed(33)
rng = np.random.default_rng(33)
X = rng.normal(size=(1500, 10)).astype("float32")
w = rng.normal(size=(10, 3))
y = (X @ w + 0.5 * rng.normal(size=(1500, 3))).argmax(1)

model = tf.keras.Sequential([
    tf.keras.layers.Input((10,)),
    tf.keras.layers.Dense(32, activation="relu", kernel_regularizer=tf.keras.regularizers.l2(1e-4)),
    tf.keras.layers.Dense(3),
])
model.compile(optimizer="adam", loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
ckpt = os.path.join(tempfile.mkdtemp(), "best.keras")

def schedule(epoch, lr):
    return lr if epoch < 5 else lr * 0.9

seen = []
callbacks = [
    EarlyStopping(monitor="val_loss", patience=4, restore_best_weights=True),
    ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=2),
    ModelCheckpoint(ckpt, save_best_only=True, monitor="val_loss"),
    LearningRateScheduler(schedule),
    LambdaCallback(on_epoch_end=lambda e, logs: print(e, "%.10f %.10f" % (logs["loss"], logs["val_loss"])),
                   on_train_batch_end=lambda b, logs: seen.append(float(logs["loss"]))),
]
model.fit(X, y, epochs=2, batch_size=32, validation_split=0.2, callbacks=callbacks, verbose=0)
print(len(seen), "batches", repr(sum(seen)))
best = tf.keras.models.load_model(ckpt)
print("best", best.evaluate(X[1200:], y[1200:], verbose=0))
