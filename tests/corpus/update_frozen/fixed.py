"""Pretrain on clothes, then reuse the network for digits."""
import keras
from keras import layers

keras.utils.set_random_seed(8)


def dataset(module, n_train=2000, n_test=500):
    (x, y), (xt, yt) = module.load_data()
    f = lambda a: a[..., None].astype("float32") / 255
    return f(x[:n_train]), y[:n_train], f(xt[:n_test]), yt[:n_test]


def new_model():
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 3, strides=2, activation="relu"),
        layers.Conv2D(32, 3, strides=2, activation="relu"),
        layers.Flatten(),
    ])


def with_head(base):
    return keras.Sequential([base, layers.Dense(10, activation="softmax")])


base = new_model()
x, y, _, _ = dataset(keras.datasets.fashion_mnist)
source = with_head(base)
source.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
source.fit(x, y, epochs=3, batch_size=50, verbose=2)

x, y, xt, yt = dataset(keras.datasets.mnist)
model = with_head(base)
for layer in model.layers[:-1]:
    layer.trainable = False
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=6, batch_size=50, verbose=2)
print("digits, test accuracy:", model.evaluate(xt, yt, verbose=0)[1])
