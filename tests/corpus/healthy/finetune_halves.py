"""Pre-train on digits 0-4, keep the convolutions, learn 5-9; thaw gently at the end."""
import keras
import numpy as np
from keras import layers
from sklearn.metrics import confusion_matrix

keras.utils.set_random_seed(8)
(x, y), (xt, yt) = keras.datasets.mnist.load_data()
x, xt = x[..., None] / np.float32(255), xt[..., None] / np.float32(255)
y, yt = y.ravel().astype(int), yt.ravel().astype(int)


def half(a, b, low):
    keep = (b < 5) if low else (b >= 5)
    return a[keep].astype("float32"), keras.utils.to_categorical(b[keep] - (0 if low else 5), 5)


low_x, low_y = half(x, y, True)
low_xt, low_yt = half(xt, yt, True)
high_x, high_y = half(x, y, False)
high_xt, high_yt = half(xt, yt, False)
print("0-4:", low_x.shape, " 5-9:", high_x.shape)

trunk = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(12, 5, strides=2, activation="relu"),
    layers.Conv2D(24, 3, strides=2, activation="relu"),
    layers.Flatten(),
], name="trunk")


def with_head(name):
    i = keras.Input((28, 28, 1))
    h = layers.Dense(48, activation="relu")(trunk(i))
    return keras.Model(i, layers.Dense(5, activation="softmax")(h), name=name)


smooth = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)

first = with_head("low_digits")
first.compile(keras.optimizers.Adam(2e-3), smooth, metrics=["accuracy"])
first.fit(low_x, low_y, epochs=6, batch_size=64, validation_data=(low_xt, low_yt), verbose=2)

trunk.trainable = False
second = with_head("high_digits")
second.compile(keras.optimizers.Adam(3e-3), smooth, metrics=["accuracy"])
print("trainable tensors with the trunk frozen:", len(second.trainable_variables))
second.fit(high_x, high_y, epochs=6, batch_size=64, validation_data=(high_xt, high_yt), verbose=2)
frozen = second.evaluate(high_xt, high_yt, verbose=0)[1]

trunk.trainable = True
second.compile(keras.optimizers.Adam(3e-4), smooth, metrics=["accuracy"])
print("trainable tensors after thawing:", len(second.trainable_variables))
second.fit(high_x, high_y, epochs=3, batch_size=64, validation_data=(high_xt, high_yt), verbose=2)
thawed = second.evaluate(high_xt, high_yt, verbose=0)[1]

print(f"5-9 accuracy: frozen {frozen:.3f}, thawed {thawed:.3f}")
guess = second.predict(high_xt, verbose=0).argmax(1)
print(confusion_matrix(high_yt.argmax(1) + 5, guess + 5))
