"""Loading images with tf.data (after the first version of the tutorial)."""
import pathlib

import numpy as np
import tensorflow as tf

AUTOTUNE = tf.data.AUTOTUNE
BATCH_SIZE = 32
tf.keras.utils.set_random_seed(0)

archive = np.load(pathlib.Path(__file__).resolve().parent / "tutorial_images_images.npz")
all_images, all_labels = archive["x"], archive["y"].astype("int32")
image_count = len(all_images)


def preprocess_image(image):
    image = tf.cast(image, tf.float32)[..., tf.newaxis]
    return image / 255.0


def change_range(image, label):
    return 2 * image - 1, label


def load_and_preprocess(image, label):
    return preprocess_image(image), label


ds = tf.data.Dataset.from_tensor_slices((all_images, all_labels))
image_label_ds = ds.map(load_and_preprocess).cache()

ds = image_label_ds.repeat()
ds = ds.shuffle(buffer_size=image_count)
ds = ds.batch(BATCH_SIZE)
ds = ds.map(change_range)
ds = ds.prefetch(AUTOTUNE)

test_ds = (tf.data.Dataset.from_tensor_slices((archive["xt"], archive["yt"].astype("int32")))
           .map(load_and_preprocess).batch(100).map(change_range))

model = tf.keras.Sequential([
    tf.keras.layers.Input((28, 28, 1)),
    tf.keras.layers.Conv2D(16, 3, strides=2, activation="relu"),
    tf.keras.layers.Conv2D(32, 3, strides=2, activation="relu"),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dropout(0.4),
    tf.keras.layers.Dense(10),
])
model.compile(optimizer="adam", metrics=["accuracy"],
              loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))

steps_per_epoch = int(np.ceil(image_count / BATCH_SIZE))
print("steps per epoch:", steps_per_epoch)
model.fit(ds, epochs=12, steps_per_epoch=steps_per_epoch, validation_data=test_ds, verbose=2)
print("test: loss %.3f accuracy %.3f" % tuple(model.evaluate(test_ds, verbose=0)))
