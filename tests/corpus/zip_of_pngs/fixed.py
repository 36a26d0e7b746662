import os
import zipfile
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras import layers, models

tf.random.set_seed(3)
BASE = os.path.dirname(os.path.abspath(__file__))
IMG = 16
BATCH = 32


def read_scans(path):
    """all png files of the archive -> list of raw bytes"""
    blobs = []
    with zipfile.ZipFile(path) as zf:
        for name in sorted(zf.namelist(), key=lambda n: int(n[1:-4])):
            if name.lower().endswith(".png"):
                blobs.append(zf.read(name))
    return blobs


def decode(blob, label):
    img = tf.io.decode_png(blob, channels=1)
    img = tf.image.resize(img, (IMG, IMG))
    return img / 255.0, label


def augment(img, label):
    img = tf.image.resize_with_crop_or_pad(img, IMG + 2, IMG + 2)
    img = tf.image.random_crop(img, (IMG, IMG, 1))
    return img, label


blobs = read_scans(os.path.join(BASE, "scans.zip"))
meta = pd.read_csv(os.path.join(BASE, "labels.csv")).sort_values("id")
labels = meta["digit"].to_numpy(dtype="int64")
assert len(blobs) == len(labels), (len(blobs), len(labels))
print(len(blobs), "scans,", np.bincount(labels), "per digit")

order = np.random.RandomState(0).permutation(len(blobs))
blobs = [blobs[i] for i in order]
labels = labels[order]

cut = int(0.8 * len(blobs))
train_ds = (tf.data.Dataset.from_tensor_slices((blobs[:cut], labels[:cut]))
            .map(decode).cache()
            .shuffle(cut)
            .map(augment, num_parallel_calls=tf.data.AUTOTUNE)
            .batch(BATCH)
            .prefetch(tf.data.AUTOTUNE))
val_ds = tf.data.Dataset.from_tensor_slices((blobs[cut:], labels[cut:])).map(decode).batch(BATCH).cache()

cnn = models.Sequential([
    layers.Input((IMG, IMG, 1)),
    layers.Conv2D(16, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dropout(0.2),
    layers.Dense(64, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
cnn.compile(optimizer=tf.keras.optimizers.Adam(2e-3),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"])

hist = cnn.fit(train_ds, validation_data=val_ds, epochs=18, verbose=2)
print("final val accuracy", hist.history["val_accuracy"][-1])
