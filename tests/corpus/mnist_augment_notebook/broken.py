# %% imports
import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(3)
BATCH = 50

# %% data
(x_a, y_a), (x_b, y_b) = keras.datasets.mnist.load_data()
mnist = {"x_train": x_a, "y_train": y_a, "x_test": x_b, "y_test": y_b}
x_train, y_train = mnist["x_train"], mnist["y_train"].astype("int32")
x_test, y_test = mnist["x_test"], mnist["y_test"].astype("int32")
print(x_train.shape, x_train.dtype, x_test.shape)

# %% pipeline
def decode(img, label):
    img = tf.cast(img[..., None], tf.float32) / 255.0
    return img, label


def augment(img, label):
    # sensor noise, about 12 grey levels on the scanner
    img = img + tf.random.normal(tf.shape(img), stddev=12.0)  # expect: input-noise
    img = tf.image.random_brightness(img, 0.05)
    return tf.clip_by_value(img, 0.0, 1.0), label


train_ds = (
    tf.data.Dataset.from_tensor_slices((x_train, y_train))
    .shuffle(2000)
    .map(decode)
    .map(augment, num_parallel_calls=2)
    .batch(BATCH)
    .prefetch(2)
)
test_ds = tf.data.Dataset.from_tensor_slices((x_test, y_test)).map(decode).batch(100)

# %% model
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 5, strides=2, activation="relu"),
        layers.Conv2D(32, 3, strides=2, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10),
    ]
)
model.compile(
    optimizer="adam",
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)

# %% train
history = model.fit(train_ds, validation_data=test_ds, epochs=8, verbose=2)

# %%
print("best val_accuracy:", max(history.history["val_accuracy"]))
print("last train accuracy:", history.history["accuracy"][-1])
