"""Small convnet on handwritten digits that come out of one folder per digit."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

BATCH = 40
EPOCHS = 6
AUTOTUNE = tf.data.AUTOTUNE

tf.keras.utils.set_random_seed(71)


def read_folders():
    """What os.walk over train/0, train/1, ... train/9 would give."""
    (images, labels), held_out = tf.keras.datasets.mnist.load_data()
    images, labels = images[:2000], labels[:2000]
    paths = np.argsort(labels, kind="stable")
    return (images[paths], labels[paths]), held_out


def prepare(image, label):
    image = tf.image.convert_image_dtype(image[..., tf.newaxis], tf.float32)
    return image, tf.one_hot(label, 10)


(train_images, train_labels), (test_images, test_labels) = read_folders()

train = (
    tf.data.Dataset.from_tensor_slices((train_images, train_labels))
    .map(prepare, num_parallel_calls=AUTOTUNE)
    .cache()
    .shuffle(2000, seed=71)
    .batch(BATCH)
    .prefetch(AUTOTUNE)
)
test = (
    tf.data.Dataset.from_tensor_slices((test_images[:500], test_labels[:500]))
    .map(prepare, num_parallel_calls=AUTOTUNE)
    .batch(100)
    .prefetch(AUTOTUNE)
)

inputs = tf.keras.Input((28, 28, 1))
x = inputs
for filters in (8, 16):
    x = layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.Activation("relu")(x)
x = layers.Flatten()(x)
x = layers.Dense(32, activation="relu")(x)
outputs = layers.Dense(10, activation="softmax")(x)
net = tf.keras.Model(inputs, outputs)

net.compile(
    optimizer=tf.keras.optimizers.SGD(0.02, momentum=0.9),
    loss="categorical_crossentropy",
    metrics=["accuracy"],
)
net.fit(train, epochs=EPOCHS, validation_data=test, verbose=2)

print("test accuracy: {:.3f}".format(net.evaluate(test, verbose=0)[1]))
