import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
from sklearn.metrics import confusion_matrix, classification_report

from waste import CLASS_NAMES, load_split

tf.keras.utils.set_random_seed(21)
BATCH = 32

train_data = load_split("train", BATCH)
val_data = load_split("val", BATCH, shuffle=False)

img_augmentation = tf.keras.Sequential(
    [
        layers.RandomFlip(),
    ],
    name="img_augmentation",
)

inputs = layers.Input(shape=(32, 32, 3))
x = img_augmentation(inputs)
x = layers.Rescaling(1.0 / 255)(x)
for filters in (8, 16):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.8)(x)
    x = layers.ReLU()(x)
    x = layers.MaxPooling2D()(x)
x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
x = layers.Dense(32, activation="relu")(x)
outputs = layers.Dense(len(CLASS_NAMES), activation="softmax", name="pred")(x)
model = tf.keras.Model(inputs, outputs, name="wastenet")

model.compile(
    optimizer=tf.keras.optimizers.Adam(3e-3),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)

hist = model.fit(train_data, epochs=8, validation_data=val_data, verbose=2)
print("lowest training loss: %.3f" % min(hist.history["loss"]))


def truth(dataset):
    return np.concatenate([labels.numpy() for _, labels in dataset])


def predicted(dataset):
    probs = model.predict(dataset, verbose=0)
    return probs.argmax(axis=1)


y_true = truth(val_data)
y_pred = predicted(val_data)
cm = confusion_matrix(y_true, y_pred)
print("\nconfusion matrix (rows = true class)")
for name, row in zip(CLASS_NAMES, cm):
    print("%-10s" % name, " ".join("%4d" % v for v in row))
print(classification_report(y_true, y_pred, target_names=CLASS_NAMES, zero_division=0))
print("model is good enough for the sorting line:", bool(np.trace(cm) / cm.sum() > 0.85))
