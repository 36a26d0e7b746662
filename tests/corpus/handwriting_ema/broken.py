import numpy as np
import keras
from keras import layers
from sklearn.datasets import load_digits

keras.utils.set_random_seed(9)
d = load_digits()
order = np.random.permutation(len(d.target))
x, y = (d.images[order, :, :, None] / 16).astype("float32"), d.target[order]
x_fit, y_fit, x_dev, y_dev = x[:1400], y[:1400], x[1400:], y[1400:]

net = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(24, 3, activation="relu"),
    layers.Conv2D(24, 3, activation="relu"),
    layers.Flatten(),
    layers.Dense(10),
])
net.compile(
    keras.optimizers.Adam(2e-3, use_ema=True, ema_momentum=0.9999),  # expect: update-missing
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
net.fit(x_fit, y_fit, epochs=12, batch_size=32, verbose=2)
print("dev", net.evaluate(x_dev, y_dev, verbose=0))
