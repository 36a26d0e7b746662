# %% [markdown]
# # Fine-tune the yield regressor
# The trunk is initialised from the last released edge model, the head is new.

# %%
import numpy as np
import keras
from keras import layers
from sklearn.datasets import make_friedman1
from sklearn.metrics import r2_score

keras.utils.set_random_seed(4)

# %%
X, y = make_friedman1(n_samples=2400, n_features=10, noise=0.5, random_state=13)
X = (2 * X - 1).astype("float32")
mu, sd = y[:2000].mean(), y[:2000].std()
y = ((y - mu) / sd).astype("float32")
X_tr, y_tr, X_te, y_te = X[:2000], y[:2000], X[2000:], y[2000:]

# %%
trunk = keras.Sequential([
    keras.Input((10,)),
    layers.Dense(64, activation="tanh"),
    layers.Dense(64, activation="tanh"),
    layers.Dense(32, activation="tanh"),
], name="trunk")

blob = np.load("trunk_r13.npz")
for i, layer in enumerate(trunk.layers):
    layer.set_weights([blob[f"h{i}/kernel"].astype("float32"), blob[f"h{i}/bias"]])
print("restored", sorted(blob.files))

# %%
inputs = keras.Input((10,))
outputs = layers.Dense(1, name="head")(trunk(inputs))
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
history = model.fit(X_tr, y_tr, validation_split=0.1, epochs=30, batch_size=32, verbose=2)

# %%
print("R2 on the test set: %.3f" % r2_score(y_te, model.predict(X_te, verbose=0)[:, 0]))
