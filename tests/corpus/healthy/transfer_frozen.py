"""Reuse convolutional features; only the head is trained."""
import keras

keras.utils.set_random_seed(18)


def small(module, n, m):
    (a, b), (c, d) = module.load_data()
    return a[:n, ..., None] / 255.0, b[:n], c[:m, ..., None] / 255.0, d[:m]


base = keras.Sequential([
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(16, 3, strides=2, activation="relu"),
    keras.layers.Conv2D(32, 3, strides=2, activation="relu"),
    keras.layers.Flatten(),
], name="features")

x, y, _, _ = small(keras.datasets.fashion_mnist, 2000, 0)
pre = keras.Sequential([base, keras.layers.Dense(10, activation="softmax")])
pre.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
pre.fit(x, y, epochs=4, batch_size=50, verbose=2)

base.trainable = False
x, y, xt, yt = small(keras.datasets.mnist, 2000, 500)
model = keras.Sequential([base, keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=10, batch_size=50, verbose=2)
print("accuracy on digits:", model.evaluate(xt, yt, verbose=0)[1])
