import os
import numpy as np
import tensorflow as tf
from sklearn.metrics import classification_report, confusion_matrix
from tensorflow.keras.models import Sequential

SEED = 123
BATCH_SIZE = 32
IMAGE_HEIGHT = IMAGE_WIDTH = 28
class_names = ["tshirt", "trouser", "sneaker", "bag", "boot"]

tf.keras.utils.set_random_seed(SEED)


def image_dataset(split):
    # same interface as image_dataset_from_directory
    z = np.load(os.path.join(os.path.dirname(os.path.abspath(__file__)), "fashion5.npz"))
    x, y = z["x" + split], z["y" + split]
    ds = tf.data.Dataset.from_tensor_slices((x[..., None].astype("float32"), y.astype("int32")))
    ds = ds.shuffle(len(x), seed=SEED).batch(BATCH_SIZE)
    return ds


train_data = image_dataset("a")
val_data = image_dataset("b")

img_augmentation = Sequential(
    [
        tf.keras.layers.RandomTranslation(height_factor=0.05, width_factor=0.05),
    ],
    name="img_augmentation",
)

inputs = tf.keras.layers.Input(shape=(IMAGE_HEIGHT, IMAGE_WIDTH, 1))
x = img_augmentation(inputs)
x = tf.keras.layers.Rescaling(1.0 / 255)(x)
x = tf.keras.layers.Conv2D(12, 3, strides=2, activation="relu", name="stem")(x)
x = tf.keras.layers.Conv2D(24, 3, strides=2, activation="relu", name="top_conv")(x)
x = tf.keras.layers.Flatten()(x)
x = tf.keras.layers.Dropout(0.3)(x)
x = tf.keras.layers.Dense(32, activation=tf.nn.relu)(x)
outputs = tf.keras.layers.Dense(len(class_names), activation="softmax", name="pred")(x)

# Compile
model = tf.keras.Model(inputs, outputs, name="EfficientNetish")
model.compile(optimizer=tf.keras.optimizers.Adam(2e-3),
              loss=tf.keras.losses.SparseCategoricalCrossentropy(), metrics=['accuracy'])

epochs = 8
hist = model.fit(train_data, epochs=epochs, validation_data=val_data, verbose=2)

print("model.evaluate(val_data):", [round(v, 4) for v in model.evaluate(val_data, verbose=0)])

# confusion matrix on the very same data
y_true, y_pred = [], []
for images, y in val_data:
    y_true.append(y.numpy())
    y_pred.append(np.argmax(model.predict_on_batch(images), axis=1))
y_true, y_pred = np.concatenate(y_true), np.concatenate(y_pred)

cm = confusion_matrix(y_true, y_pred)
print("     " + " ".join("%8s" % c for c in class_names))
for name, row in zip(class_names, cm):
    print("%8s " % name + " ".join("%8d" % v for v in row))
print(classification_report(y_true, y_pred, target_names=class_names, zero_division=0))
print("accuracy from the confusion matrix: %.4f" % (np.trace(cm) / cm.sum()))
