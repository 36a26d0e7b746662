"""Card payments: which ones were fraud?  Dense network on standardised features."""
from pathlib import Path

import pandas as pd
import tensorflow as tf
from sklearn.metrics import balanced_accuracy_score, classification_report
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.keras.utils.set_random_seed(42)

payments = pd.read_csv(Path(__file__).with_name("payments.csv"))
X = payments.drop(columns=["fraud"]).values
y = payments["fraud"].values

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=42)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

model = tf.keras.Sequential([
    tf.keras.layers.Input((X_train.shape[1],)),
    tf.keras.layers.Dense(16, activation="relu"),
    tf.keras.layers.Dense(8, activation="relu"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])

early = tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
model.fit(
    X_train, y_train,
    validation_split=0.2,
    epochs=20,
    batch_size=64,
    class_weight={0: 1.0, 1: 32.0},
    callbacks=[early],
    verbose=2,
)

flagged = (model.predict(X_test, verbose=0)[:, 0] > 0.5).astype(int)
print(classification_report(y_test, flagged, zero_division=0))
print("flagged:", flagged.sum(), "of", len(flagged))
print("balanced accuracy: %.3f" % balanced_accuracy_score(y_test, flagged))
