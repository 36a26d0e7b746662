import numpy as np
import keras
from keras import layers
from sklearn.datasets import make_moons

keras.utils.set_random_seed(12)

# two sensors on a bearing: is it worn? 90 inspected machines, 600 to check against
X, y = make_moons(690, noise=0.38, random_state=12)
X = np.hstack([X, 0.5 * np.random.normal(size=(690, 4))]).astype("float32")
X_train, y_train = X[:90], y[:90]
X_val, y_val = X[90:], y[90:]

inp = keras.Input(shape=(6,))
z = layers.Dense(256, activation="relu")(inp)
z = layers.Dense(256, activation="relu")(z)
z = layers.Dense(128, activation="relu")(z)
out = layers.Dense(1, activation="sigmoid")(z)
model = keras.Model(inp, out)

model.compile(keras.optimizers.Adam(1e-3), loss="binary_crossentropy", metrics=["accuracy"])
callbacks = [keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)]
hist = model.fit(X_train, y_train, epochs=90, batch_size=30, verbose=0,
                 validation_data=(X_val, y_val), callbacks=callbacks)

for e in range(0, len(hist.epoch), 10):
    print(e, *(f"{k} {v[e]:.3f}" for k, v in hist.history.items()))
train_loss, train_acc = model.evaluate(X_train, y_train, verbose=0)
val_loss, val_acc = model.evaluate(X_val, y_val, verbose=0)
print(f"train loss {train_loss:.3f} acc {train_acc:.3f} | val loss {val_loss:.3f} acc {val_acc:.3f}")
