# ---- Fashion-MNIST (small sample), tf.data end to end ----
import numpy as np
import tensorflow as tf
from tensorflow import keras

SEED = 42
keras.utils.set_random_seed(SEED)

(x_a, y_a), (x_b, y_b) = keras.datasets.fashion_mnist.load_data()

raw = {"x_train": x_a, "y_train": y_a, "x_test": x_b, "y_test": y_b}
images = (raw["x_train"] / 255.0).astype("float32")[..., None]
labels = raw["y_train"].astype("int64")
holdout_x = (raw["x_test"] / 255.0).astype("float32")[..., None]
holdout_y = raw["y_test"].astype("int64")

n_total = len(images)
n_val = n_total // 5

full = tf.data.Dataset.from_tensor_slices((images, labels))
full = full.shuffle(n_total, seed=SEED)  # expect: leakage
val_ds = full.take(n_val).batch(200)
train_ds = full.skip(n_val).batch(32).prefetch(2)

# ---- model ----
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(16, 3, activation="relu"),
    keras.layers.MaxPooling2D(),
    keras.layers.Conv2D(32, 3, activation="relu"),
    keras.layers.MaxPooling2D(),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(10),
])
model.compile(
    optimizer=keras.optimizers.Adam(2e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)

# ---- train ----
model.fit(train_ds, validation_data=val_ds, epochs=12, verbose=2)

# ---- numbers for the report ----
_, val_acc = model.evaluate(val_ds, verbose=0)
_, test_acc = model.evaluate(holdout_x, holdout_y, verbose=0)
print(f"validation accuracy {val_acc:.3f}, holdout accuracy {test_acc:.3f}")
