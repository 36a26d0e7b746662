"""Total payroll in dollars from raw company figures; scales live inside the model."""
import numpy as np
import keras
from keras import layers


def companies(n, rng):
    staff = rng.integers(5, 4000, n)
    wage = rng.normal(52000, 9000, n)
    founded = rng.integers(1900, 2022, n)
    abroad = rng.uniform(0, 1, n)
    pay = staff * wage * (1 + 0.25 * abroad) + (2022 - founded) * 8e4
    x = np.column_stack([staff, wage, founded, abroad]).astype("float32")
    return x, (pay * (1 + rng.normal(0, 0.02, n))).astype("float32")[:, None]


def build(x, y):
    scale = layers.Normalization()
    scale.adapt(x)
    inp = keras.Input((x.shape[1],))
    h = scale(inp)
    h = layers.Dense(48, activation="relu")(h)
    h = layers.Dense(48, activation="relu")(h)
    h = layers.Dense(1)(h)
    out = layers.Rescaling(scale=float(y.std()), offset=float(y.mean()))(h)
    model = keras.Model(inp, out)
    model.compile(optimizer=keras.optimizers.Adam(5e-3), loss="mse", metrics=["mae"])
    return model


if __name__ == "__main__":
    keras.utils.set_random_seed(12)
    x, y = companies(1500, np.random.default_rng(12))
    xt, yt, xv, yv = x[:1200], y[:1200], x[1200:], y[1200:]
    model = build(xt, yt)
    model.fit(xt, yt, validation_data=(xv, yv), epochs=15, batch_size=32, verbose=2)
    err = np.mean((model.predict(xv, verbose=0) - yv) ** 2)
    print("held-out R2 %.3f" % (1 - err / np.var(yv)))
