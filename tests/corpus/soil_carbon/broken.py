# Soil organic carbon from field spectra
# (moved over from my tidymodels script, hence the step_* comments)
import keras
import numpy as np
import pandas as pd
from keras import layers

set_seed = 2023
keras.utils.set_random_seed(set_seed)

# ---- read -------------------------------------------------------------------
soil = pd.read_csv("soil_joined.csv")  # expect: label-mismatch
bands = [c for c in soil.columns if c.startswith("r") and c[1:].isdigit()]

# ---- initial_split(prop = 0.75) ------------------------------------------------
train_df = soil.sample(frac=0.75, random_state=set_seed)
test_df = soil.drop(train_df.index)

# ---- recipe -------------------------------------------------------------------
# step_log(all_bands): reflectance -> absorbance
# step_dummy(depth_cm)
# step_normalize(all_predictors), trained on the training rows


def bake(d):
    absorbance = -np.log10(d[bands])
    depth = pd.get_dummies(d["depth_cm"].astype("category"), prefix="d", dtype=float)
    return pd.concat([absorbance, depth], axis=1)


baked_train, baked_test = bake(train_df), bake(test_df)
centre, spread = baked_train.mean(), baked_train.std()
x_train = ((baked_train - centre) / spread).to_numpy("float32")
x_test = ((baked_test - centre) / spread).to_numpy("float32")

# the outcome is right-skewed, so the models work on its logarithm, z-scored
log_train, log_test = np.log(train_df["carbon_pct"]), np.log(test_df["carbon_pct"])
y_mean, y_sd = log_train.mean(), log_train.std()
y_train = ((log_train - y_mean) / y_sd).to_numpy("float32")  # expect-or: label-mismatch
y_test = ((log_test - y_mean) / y_sd).to_numpy("float32")

# ---- model --------------------------------------------------------------------
mlp = keras.Sequential(name="mlp_spec")
mlp.add(keras.Input((x_train.shape[1],)))
mlp.add(layers.Dense(24, activation="relu"))
mlp.add(layers.Dense(12, activation="relu"))
mlp.add(layers.Dense(1))
mlp.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse", metrics=["mae"])

# ---- fit ----------------------------------------------------------------------
history = mlp.fit(  # expect-or: label-mismatch
    x_train, y_train,  # expect-or: label-mismatch
    epochs=40, batch_size=32,
    validation_data=(x_test, y_test),
    verbose=0,
)
for e in (0, 9, 19, 39):
    print(f"epoch {e + 1:3d}  loss {history.history['loss'][e]:.3f}  "
          f"val_loss {history.history['val_loss'][e]:.3f}")

# ---- collect_metrics ------------------------------------------------------------
pred = mlp.predict(x_test, verbose=0).ravel()
rsq = 1 - np.sum((y_test - pred) ** 2) / np.sum((y_test - y_test.mean()) ** 2)
print(f"rsq (log scale, test) = {rsq:.3f}")
