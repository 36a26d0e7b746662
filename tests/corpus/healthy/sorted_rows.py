# %% [markdown]
# # Digits, as exported
# The lab's export lists all the zeros, then all the ones, and so on.

# %%
import keras
import numpy as np
from sklearn.datasets import load_digits

keras.utils.set_random_seed(12)
digits = load_digits()
order = np.argsort(digits.target, kind="stable")
images = digits.images[order][..., None].astype("float32") / 16.0
labels = digits.target[order]
print(labels[:20], "...", labels[-20:])

# %%
# every fifth row of each class is kept for testing
held_out = np.arange(len(labels)) % 5 == 4
x_train, y_train = images[~held_out], labels[~held_out]
x_test, y_test = images[held_out], labels[held_out]

# %%
model = keras.Sequential()
model.add(keras.Input(shape=(8, 8, 1)))
model.add(keras.layers.Conv2D(16, 3, activation="relu", padding="same"))
model.add(keras.layers.MaxPooling2D())
model.add(keras.layers.Conv2D(32, 3, activation="relu", padding="same"))
model.add(keras.layers.GlobalAveragePooling2D())
model.add(keras.layers.Dense(10, activation="softmax"))
model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(0.003), metrics=["acc"])

# %%
history = model.fit(x_train, y_train, batch_size=32, epochs=20, verbose=2)

# %%
probabilities = model.predict(x_test, verbose=0)
print("test accuracy", np.mean(probabilities.argmax(1) == y_test),
      "chance", np.bincount(y_test).max() / len(y_test))
