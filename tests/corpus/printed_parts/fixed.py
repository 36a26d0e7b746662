# Two inputs: a small picture of the part and the reading of the camera's
# orientation sensor; predict which digit is printed on it.
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras import Model, layers

tf.keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)

digits = load_digits()
images = digits.images.astype("float32") / 16.0
labels = digits.target

quarter = rng.integers(0, 4, len(images))
images = np.stack([np.rot90(im, k) for im, k in zip(images, quarter)])[..., None]
sensor = np.eye(4, dtype="float32")[quarter] + rng.normal(0, 0.1, (len(images), 4)).astype("float32")
light = images.mean(axis=(1, 2)) + rng.normal(0, 0.02, (len(images), 1)).astype("float32")
meta = np.hstack([sensor, light]).astype("float32")
print("images", images.shape, "meta", meta.shape, "labels", labels.shape)

img_train, img_test = train_test_split(images, test_size=0.2, random_state=1)
meta_train, meta_test, y_train, y_test = train_test_split(meta, labels, test_size=0.2, random_state=1)

img_in = layers.Input(shape=(8, 8, 1), name="image")
h = layers.Conv2D(24, 3, activation="relu", padding="same")(img_in)
h = layers.MaxPooling2D()(h)
h = layers.Conv2D(48, 3, activation="relu", padding="same")(h)
h = layers.Flatten()(h)
h = layers.Dense(64, activation="relu")(h)

meta_in = layers.Input(shape=(5,), name="meta")
m = layers.Dense(16, activation="relu")(meta_in)

z = layers.concatenate([h, m])
z = layers.Dense(64, activation="relu")(z)
out = layers.Dense(10, activation="softmax")(z)

net = Model([img_in, meta_in], out)
net.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
hist = net.fit(
    {"image": img_train, "meta": meta_train}, y_train,
    validation_data=({"image": img_test, "meta": meta_test}, y_test),
    epochs=15, batch_size=32, verbose=2,
)
loss, acc = net.evaluate({"image": img_test, "meta": meta_test}, y_test, verbose=0)
print(f"test loss {loss:.3f}  test accuracy {acc:.3f}")
