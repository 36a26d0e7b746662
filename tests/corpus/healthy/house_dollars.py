import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(2024)
rng = np.random.default_rng(2024)

# ---------------------------------------------------------------- data
n = 4000
sqft = rng.lognormal(7.4, 0.32, n)
age = rng.uniform(0, 90, n)
km_centre = rng.gamma(2.0, 5.0, n)
baths = rng.integers(1, 5, n)
grade = rng.integers(3, 11, n)
price = (
    60_000
    + 140 * sqft * (0.6 + 0.09 * grade) * np.exp(-km_centre / 25)
    + 18_000 * baths
    - 900 * np.where(age < 60, age, 120 - age)
)
price = price + rng.normal(0, 25_000, n)
X = np.column_stack([sqft, age, km_centre, baths, grade]).astype("float32")
y = price.astype("float32")

X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.2, random_state=0)
X_tr, X_va, y_tr, y_va = train_test_split(X_tr, y_tr, test_size=0.15, random_state=0)

# ---------------------------------------------------------------- model
norm = keras.layers.Normalization()
norm.adapt(X_tr)
UNIT = 100_000.0

model = keras.Sequential(
    [
        keras.Input((5,)),
        norm,
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dense(
            1, bias_initializer=keras.initializers.Constant(float(y_tr.mean()) / UNIT)
        ),
        keras.layers.Rescaling(UNIT),
    ]
)
model.compile(
    optimizer=keras.optimizers.Adam(3e-3),
    loss="mse",
    metrics=["mae"],
)

# ---------------------------------------------------------------- training
history = model.fit(
    X_tr,
    y_tr,
    validation_data=(X_va, y_va),
    epochs=30,
    batch_size=64,
    verbose=0,
    callbacks=[
        keras.callbacks.ReduceLROnPlateau(factor=0.4, patience=5, min_lr=1e-4),
    ],
)
for e in range(0, 30, 5):
    print(
        f"epoch {e:2d}: loss {history.history['loss'][e]:.4g}"
        f"  val_loss {history.history['val_loss'][e]:.4g}"
    )

pred = model.predict(X_te, verbose=0).ravel()
linear = LinearRegression().fit(X_tr, y_tr).predict(X_te)
print(f"test: prices ${y_te.min():,.0f} .. ${y_te.max():,.0f}, sd ${y_te.std():,.0f}")
print(f"linear model: MAE ${mean_absolute_error(y_te, linear):,.0f}  R2 {r2_score(y_te, linear):.3f}")
print(f"network     : MAE ${mean_absolute_error(y_te, pred):,.0f}  R2 {r2_score(y_te, pred):.3f}")
