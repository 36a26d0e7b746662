import math

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits

ACTIVATION = "relu"
DEPTH = 10
WIDTH = 48
BATCH = 32

keras.utils.set_random_seed(2)


class DigitBatches(keras.utils.PyDataset):
    def __init__(self, images, digits):
        super().__init__()
        self.images, self.digits = images, digits

    def __len__(self):
        return math.ceil(len(self.digits) / BATCH)

    def __getitem__(self, k):
        s = slice(k * BATCH, (k + 1) * BATCH)
        return self.images[s], self.digits[s]


images, digits = load_digits(return_X_y=True)
images = (images.astype("float32") - 8.0) / 8.0
mixed = np.random.default_rng(0).permutation(len(digits))
fit_rows, check_rows = mixed[:1437], mixed[1437:]
by_class = fit_rows

feed = DigitBatches(images[by_class], digits[by_class])

net = keras.Sequential([keras.Input((64,))])
for _ in range(DEPTH):
    net.add(layers.Dense(WIDTH, activation=ACTIVATION))
net.add(layers.Dense(10, activation="softmax"))
net.compile(
    optimizer=keras.optimizers.SGD(0.03, momentum=0.9),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
net.fit(feed, epochs=15, shuffle=False, verbose=2)

for name, rows in (("fitted", fit_rows), ("held back", check_rows)):
    print(name, "accuracy: %.3f" % net.evaluate(images[rows], digits[rows], verbose=0)[1])
