"""Disease progression regression (sklearn diabetes), functional Keras."""
import numpy as np
import keras
from keras import layers
from sklearn.datasets import load_diabetes
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(12)

HIDDEN = (256, 256)  # expect: overfitting
EPOCHS = 80  # expect-or: overfitting

X, y = load_diabetes(return_X_y=True)
X = (X / X.std(axis=0)).astype("float32")
X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.3, random_state=12)
mu, sd = y_train.mean(), y_train.std()
t_train = ((y_train - mu) / sd).astype("float32")
t_val = ((y_val - mu) / sd).astype("float32")

inp = keras.Input(shape=(10,))
z = inp
for units in HIDDEN:
    z = layers.Dense(units, activation="relu")(z)
out = layers.Dense(1)(z)
model = keras.Model(inp, out)
print("parameters:", model.count_params(), "training rows:", len(X_train))

model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse", metrics=["mae"])
hist = model.fit(X_train, t_train, validation_data=(X_val, t_val),  # expect-or: overfitting
                 epochs=EPOCHS, batch_size=32, verbose=0)
for e in range(9, EPOCHS, 10):
    print(f"epoch {e + 1:4d}  loss {hist.history['loss'][e]:.4f}  val_loss {hist.history['val_loss'][e]:.4f}"
          f"  val_mae {hist.history['val_mae'][e] * sd:.1f}")


def score(a, t):
    return r2_score(t, model.predict(a, verbose=0)[:, 0])


print(f"R2 train {score(X_train, t_train):.3f}   R2 validation {score(X_val, t_val):.3f}")
