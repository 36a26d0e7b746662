from functools import partial

import keras
import numpy as np
from keras import regularizers
from sklearn.datasets import load_digits

keras.utils.set_random_seed(1234)

# 8x8 digits: which digit it is, and how much ink was used
bunch = load_digits()
rng = np.random.RandomState(0)
idx = rng.permutation(len(bunch.target))
img = (bunch.images[idx, :, :, None] / 16.).astype("float32")
digit = bunch.target[idx]
ink = img.mean(axis=(1, 2, 3))
ink = (ink - ink.mean()) / ink.std()
cut = 1400

l2 = regularizers.L2(1e-4)
Conv = partial(keras.layers.Conv2D, kernel_size=3, activation="relu", padding="same",
               kernel_regularizer=l2)
Dense = partial(keras.layers.Dense, kernel_regularizer=l2)

inp = keras.Input(img.shape[1:])
z = Conv(16)(inp)
z = Conv(32, strides=2)(z)
z = keras.layers.Flatten()(z)
z = Dense(64, activation="relu")(z)
which = Dense(10, activation="softmax", name="which")(z)
amount = Dense(1, name="amount")(z)

m = keras.Model(inp, {"which": which, "amount": amount})
m.compile(
    keras.optimizers.Nadam(2e-3),
    loss={"which": "sparse_categorical_crossentropy", "amount": "mse"},
    loss_weights={"which": 1.0, "amount": 0.5},
    metrics={"which": "accuracy", "amount": "mae"},
)
m.fit(img[:cut], {"which": digit[:cut], "amount": ink[:cut]}, batch_size=32, epochs=10, verbose=0)

res = m.evaluate(img[cut:], {"which": digit[cut:], "amount": ink[cut:]}, return_dict=True, verbose=0)
for k, v in res.items():
    print(f"{k:>16s} {v:.3f}")
