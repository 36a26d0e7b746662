"""Two inputs and three outputs, by name."""

import numpy as np
import keras
from keras import layers, ops
keras.utils.set_random_seed(0)
rs = np.random.RandomState(0)
n = 1500
a = rs.randn(n, 6).astype("float32")
b = rs.randn(n, 4).astype("float32")
price = (a[:, :1] * 2 + b[:, 1:2] - 0.5 + .1 * rs.randn(n, 1)).astype("float32")
kind = np.argmax(a[:, :3] + 0.3 * b[:, :3], axis=1)
urgent = (a[:, 3] + b[:, 3] > 0).astype("float32")[:, None]

in_a = keras.Input((6,), name="profile")
in_b = keras.Input((4,), name="context")
h = layers.Concatenate()([layers.Dense(24, activation="relu")(in_a), layers.Dense(24, activation="relu")(in_b)])
h = layers.Dense(32, activation="relu")(h)
out_price = layers.Dense(1, name="price")(h)
out_kind = layers.Dense(3, activation="softmax", name="kind")(h)
out_urgent = layers.Dense(1, activation="sigmoid", name="urgent")(h)
model = keras.Model([in_a, in_b], {"price": out_price, "kind": out_kind, "urgent": out_urgent})
model.compile(
    optimizer=keras.optimizers.RMSprop(2e-3),
    loss={"price": "mse", "kind": "sparse_categorical_crossentropy", "urgent": keras.losses.BinaryCrossentropy()},
    loss_weights={"price": 0.5, "kind": 1.0, "urgent": 1.0},
    metrics={"kind": ["accuracy"], "urgent": ["accuracy"], "price": ["mae"]},
)
hist = model.fit({"profile": a, "context": b}, {"price": price, "kind": kind, "urgent": urgent},
                 epochs=2, batch_size=32, validation_split=0.15, verbose=0)
for k in sorted(hist.history):
    print(f"{k:28s}{hist.history[k][-1]:.12f}")
