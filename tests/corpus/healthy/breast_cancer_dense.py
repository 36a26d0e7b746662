import numpy as np
import keras
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import classification_report, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

SEED = 42
keras.utils.set_random_seed(SEED)

data = load_breast_cancer()
X, y = data.data, data.target
print(f"{X.shape[0]} samples, {X.shape[1]} features, {y.mean():.1%} benign")

X_train, X_test, y_train, y_test = train_test_split(
    X, y, test_size=0.2, stratify=y, random_state=SEED
)
X_train, X_val, y_train, y_val = train_test_split(
    X_train, y_train, test_size=0.2, stratify=y_train, random_state=SEED
)

scaler = StandardScaler().fit(X_train)
X_train, X_val, X_test = map(scaler.transform, (X_train, X_val, X_test))

model = keras.Sequential()
model.add(keras.Input((X_train.shape[1],)))
model.add(keras.layers.Dense(16, activation="relu"))
model.add(keras.layers.Dropout(0.2))
model.add(keras.layers.Dense(1, activation="sigmoid"))

model.compile(
    loss="binary_crossentropy",
    optimizer=keras.optimizers.Adam(learning_rate=3e-3),
    metrics=["accuracy"],
)

early = keras.callbacks.EarlyStopping(
    monitor="val_loss", patience=6, restore_best_weights=True
)

hist = model.fit(
    X_train, y_train,
    validation_data=(X_val, y_val),
    epochs=40, batch_size=16,
    callbacks=[early],
    verbose=2,
)

p = model.predict(X_test, verbose=0).ravel()
print("stopped after", len(hist.history["loss"]), "epochs")
print("test AUC     :", round(roc_auc_score(y_test, p), 4))
print("test accuracy:", round(float(np.mean((p > 0.5) == y_test)), 4))
print(classification_report(y_test, (p > 0.5).astype(int), target_names=data.target_names))
