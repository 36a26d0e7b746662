# Photos of four kinds of products; print a confusion matrix and report for the hold-out set.
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from sklearn.metrics import confusion_matrix, classification_report

keras.utils.set_random_seed(123)
AUTOTUNE = tf.data.AUTOTUNE
class_names = ["trouser", "pullover", "bag", "boot"]
keep = [1, 2, 8, 9]


def pick(images, labels):
    mask = np.isin(labels, keep)
    return images[mask][..., None].astype("float32"), np.searchsorted(keep, labels[mask]).astype("int64")


(train_images, train_labels), (test_images, test_labels) = keras.datasets.fashion_mnist.load_data()
train_images, train_labels = pick(train_images, train_labels)
test_images, test_labels = pick(test_images, test_labels)

train_ds = tf.data.Dataset.from_tensor_slices((train_images, train_labels))
train_ds = train_ds.shuffle(len(train_images)).batch(32).prefetch(AUTOTUNE)
test_ds = tf.data.Dataset.from_tensor_slices((test_images, test_labels))
test_ds = test_ds.batch(32).prefetch(AUTOTUNE)

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Rescaling(1.0 / 255),
    layers.Conv2D(8, 3, strides=2, activation="relu"),
    layers.Conv2D(16, 3, strides=2, activation="relu"),
    layers.Flatten(),
    layers.Dense(32, activation="relu"),
    layers.Dense(len(class_names), activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train_ds, validation_data=test_ds, epochs=8, verbose=2)

y_true = np.concatenate([labels.numpy() for _, labels in test_ds])
y_pred = np.argmax(model.predict(test_ds, verbose=0), axis=1)
print(confusion_matrix(y_true, y_pred))
print(classification_report(y_true, y_pred, target_names=class_names))
print("accuracy from the confusion matrix: %.3f" % np.mean(y_true == y_pred))
