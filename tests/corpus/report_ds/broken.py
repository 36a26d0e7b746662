# evaluate() says the model is good but my classification report is garbage, what am I doing wrong??
import os
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.metrics import classification_report, confusion_matrix, accuracy_score
# import seaborn as sns

BATCH = 32
AUTO = tf.data.AUTOTUNE

# (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
digits = load_digits()
x_train, x_test, y_train, y_test = train_test_split(digits.images, digits.target, test_size=0.25, random_state=0)


def prepare(x, y):
    x = tf.cast(x, tf.float32)[..., tf.newaxis] / 16.0
    return x, tf.cast(y, tf.int32)


def make_ds(x, y):
    ds = tf.data.Dataset.from_tensor_slices((x, y))
    ds = ds.map(prepare, num_parallel_calls=AUTO).cache()
    ds = ds.shuffle(4000, seed=3)  # expect: metric-wrong
    ds = ds.batch(BATCH)
    return ds.prefetch(AUTO)


train_ds = make_ds(x_train, y_train)
test_ds = make_ds(x_test, y_test)  # expect-or: metric-wrong

keras.utils.set_random_seed(11)
model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(32, 3, activation="relu", padding="same"),
    layers.Flatten(),
    layers.Dropout(0.25),
    layers.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
# ckpt = keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True)
history = model.fit(train_ds, epochs=15, validation_data=test_ds, verbose=2)  # , callbacks=[ckpt])

Y_pred = model.predict(test_ds, verbose=0)  # expect-or: label-mismatch
y_pred = np.argmax(Y_pred, axis=1)
print(confusion_matrix(y_test, y_pred))
print(classification_report(y_test, y_pred, zero_division=0))
print("accuracy:", accuracy_score(y_test, y_pred))  # expect-or: metric-wrong
