import os
import glob
import tempfile
import numpy as np
import pandas as pd
import tensorflow as tf
from pathlib import Path
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras import layers, models
from tensorflow.keras.utils import to_categorical

tf.random.set_seed(123)

# --- this block only rebuilds my folder: images/0.npy, images/1.npy, ... and labels.csv (id,label)
ROOT = tempfile.mkdtemp()
os.makedirs(os.path.join(ROOT, "images"))
d = load_digits()
for k in range(len(d.images)):
    np.save(os.path.join(ROOT, "images", "%d.npy" % k), d.images[k].astype("uint8"))
pd.DataFrame({"id": np.arange(len(d.target)), "label": d.target}).to_csv(os.path.join(ROOT, "labels.csv"), index=False)

# --- loading
df = pd.read_csv(os.path.join(ROOT, "labels.csv"))
paths = sorted(glob.glob(os.path.join(ROOT, "images", "*.npy")), key=lambda p: int(Path(p).stem))
# print(paths[:3], df.head(3))
images = []
for p in paths:
    im = np.load(p)
    images.append(im / 16.0)
X = np.array(images, dtype="float32")[..., None]
Y = to_categorical(df["label"].values, 10)
print(X.shape, X.min(), X.max(), Y.shape)

X_train, X_val, Y_train, Y_val = train_test_split(X, Y, test_size=0.2, random_state=42)

model = models.Sequential()
model.add(layers.Input(shape=(8, 8, 1)))
model.add(layers.Conv2D(24, (3, 3), activation="relu", padding="same"))
model.add(layers.MaxPooling2D())
model.add(layers.Conv2D(48, (3, 3), activation="relu", padding="same"))
model.add(layers.GlobalAveragePooling2D())
# model.add(layers.Dense(256, activation='relu'))
# model.add(layers.Dropout(0.5))
model.add(layers.Dense(10, activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer=tf.keras.optimizers.Adam(3e-3), metrics=["accuracy"])

history = model.fit(X_train, Y_train, batch_size=32, epochs=25, validation_data=(X_val, Y_val), verbose=2)
score = model.evaluate(X_val, Y_val, verbose=0)
print("Test loss:", score[0])
print("Test accuracy:", score[1])
