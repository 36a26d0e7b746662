import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold

FOLDS = 3
X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype("float32")
print(X.shape, np.bincount(y))


def get_model():
    m = tf.keras.models.Sequential([
        tf.keras.layers.InputLayer(shape=(X.shape[1],)),
        tf.keras.layers.Dense(40, activation="relu", kernel_regularizer=tf.keras.regularizers.l2(1e-4)),
        tf.keras.layers.Dropout(0.3),
        tf.keras.layers.Dense(10),
    ])
    m.compile(optimizer=tf.keras.optimizers.Adam(6e-3),
              loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
              metrics=["accuracy"])
    return m


oof = np.zeros((len(X), 10))
rows = []
skf = StratifiedKFold(n_splits=FOLDS, shuffle=True, random_state=42)
for fold, (tr, va) in enumerate(skf.split(X, y)):
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(42 + fold)
    model = get_model()
    h = model.fit(X[tr], y[tr], epochs=20, batch_size=64, verbose=0, validation_data=(X[va], y[va]))
    oof[va] = model.predict(X[va], batch_size=256, verbose=0)
    rows.append({"fold": fold, **{k: v[-1] for k, v in h.history.items()}})

print(pd.DataFrame(rows).round(4))
print("OOF accuracy", (oof.argmax(1) == y).mean().round(4))
