import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models, callbacks

tf.keras.utils.set_random_seed(0)
AUTOTUNE = tf.data.AUTOTUNE

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train, y_train = x_train[:2000], y_train[:2000]
x_test, y_test = x_test[:500], y_test[:500]

# as image_dataset_from_directory would list them: folder "0", folder "1", ...
by_folder = np.argsort(y_train, kind="stable")
x_train, y_train = x_train[by_folder], y_train[by_folder]


def prepare(image, label):
    image = tf.cast(image, tf.float32)[..., tf.newaxis] / 255.0
    return image, tf.one_hot(label, 10)


train_ds = (
    tf.data.Dataset.from_tensor_slices((x_train, y_train))
    .map(prepare, num_parallel_calls=AUTOTUNE)
    .cache()
    .shuffle(2000)
    .batch(32)
    .prefetch(AUTOTUNE)
)
test_ds = tf.data.Dataset.from_tensor_slices((x_test, y_test)).map(prepare).batch(100)

model = models.Sequential([
    layers.Input((28, 28, 1)),
    layers.Conv2D(16, 3, strides=2, use_bias=False),
    layers.BatchNormalization(momentum=0.95),
    layers.ReLU(),
    layers.Conv2D(32, 3, strides=2, use_bias=False),
    layers.BatchNormalization(momentum=0.95),
    layers.ReLU(),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
model.compile(optimizer=tf.keras.optimizers.SGD(0.05, momentum=0.9), loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(train_ds, validation_data=test_ds, epochs=8, verbose=2,
          callbacks=[callbacks.TerminateOnNaN()])
print("test accuracy", round(model.evaluate(test_ds, verbose=0)[1], 3))
