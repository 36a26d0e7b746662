"""
Garment classifier
==================
Loads Fashion-MNIST, builds an input pipeline with tf.data, trains a small
dense network and shows per-class results.

Part 3 of my "learning TensorFlow" notes.
"""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(3)

CLASS_NAMES = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat",
               "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
BATCH_SIZE = 32
NUM_EPOCHS = 10

# ---------------------------------------------------------------- data
(train_images, train_labels), (test_images, test_labels) = keras.datasets.fashion_mnist.load_data()
print("train:", train_images.shape, " test:", test_images.shape)


def prepare(image, label):
    """Turns one uint8 image into what the network eats."""
    image = tf.cast(image, tf.float32) / 255.0  # expect-or: input-scale
    image = tf.expand_dims(image, -1)
    return image, label


def make_pipeline(images, labels, training):
    ds = tf.data.Dataset.from_tensor_slices((images, labels))
    if training:
        ds = ds.shuffle(len(images), seed=3)
    ds = ds.map(prepare, num_parallel_calls=2)
    return ds.batch(BATCH_SIZE).prefetch(2)


train_ds = make_pipeline(train_images, train_labels, True)
test_ds = make_pipeline(test_images, test_labels, False)

# --------------------------------------------------------------- model
# The preprocessing goes into the model so that it can be exported
# and fed straight from the camera app (part 4).
classifier = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Rescaling(1.0 / 255),  # expect: input-scale
    layers.Flatten(),
    layers.Dense(128, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
classifier.compile(
    optimizer=keras.optimizers.SGD(0.05, momentum=0.5),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
classifier.summary()

history = classifier.fit(train_ds, epochs=NUM_EPOCHS, validation_data=test_ds, verbose=2)

# ------------------------------------------------------------- results
probs = classifier.predict(test_ds, verbose=0)
pred = probs.argmax(axis=1)
print("\nTest accuracy: %.3f" % np.mean(pred == test_labels))
for k, name in enumerate(CLASS_NAMES):
    mask = test_labels == k
    print(f"  {name:<11s} {np.mean(pred[mask] == k):.2f}  ({mask.sum()} images)")
