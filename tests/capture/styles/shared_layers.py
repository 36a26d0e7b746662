"""Shared trunk, two heads, train_on_batch in turns."""
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(9)
rng = np.random.default_rng(9)
x = rng.normal(size=(3200, 10)).astype("float32")
y_cls = ((x[:, 0] * x[:, 1]) > 0).astype("float32")[:, None]
y_reg = (x[:, 0] - 2 * x[:, 3]).astype("float32")[:, None]

inp = keras.Input((10,), name="feats")
trunk = layers.Dense(48, activation="relu", name="trunk1")(inp)
trunk = layers.Dense(48, activation="relu", name="trunk2")(trunk)
model_a = keras.Model(inp, layers.Dense(1, activation="sigmoid", name="cls")(trunk), name="task_a")
model_b = keras.Model(inp, layers.Dense(1, name="reg")(trunk), name="task_b")
model_a.compile(keras.optimizers.Adam(3e-3), "binary_crossentropy")
model_b.compile(keras.optimizers.Adam(3e-3), "mse")
for epoch in range(1):
    la = lb = 0.0
    order = rng.permutation(3200)
    for i in range(0, 3200, 64):
        idx = order[i:i + 64]
        la = model_a.train_on_batch(x[idx], y_cls[idx])
        lb = model_b.train_on_batch(x[idx], y_reg[idx])
    print(epoch, repr(float(la)), repr(float(lb)))
p = model_a.predict(x, verbose=0)
print("acc", np.mean((p > .5) == y_cls), "mse", np.mean((model_b.predict(x, verbose=0) - y_reg) ** 2))
print("steps 250 + 250")
