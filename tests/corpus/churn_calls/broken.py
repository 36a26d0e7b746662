import os
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.metrics import confusion_matrix, classification_report
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Dropout, Input
from tensorflow.keras import regularizers

path = os.path.join(os.path.dirname(os.path.realpath(__file__)), "churn.csv")
SEED = 2024
tf.keras.utils.set_random_seed(SEED)

df = pd.read_csv(path)
print(df.shape)
print(df["churn"].value_counts(normalize=True).round(3).to_dict())

# --- cleaning
df = df.drop(columns=["customer"])
df["plan"] = df["plan"].str.strip().str.lower()
df = pd.get_dummies(df, columns=["plan"], dtype=float)
df["minutes_per_call"] = df["minutes"] / df["calls"].clip(lower=1)
df["bill"] = np.log1p(df["bill"])

y = (df.pop("churn") == "yes").astype(int).values
X = df.values

X_train, X_test, y_train, y_test = train_test_split(
    X, y, test_size=0.25, stratify=y, random_state=SEED)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

# --- class weights
n_total = len(y_train)
n_yes = y_train.sum()
n_no = n_total - n_yes
weights = {0: 2 * n_no / n_total, 1: 2 * n_yes / n_total}  # expect: class-imbalance
print("class weights:", {k: round(float(v), 3) for k, v in weights.items()})

# --- model
model = Sequential([
    Input(shape=(X_train.shape[1],)),
    Dense(16, activation="relu", kernel_regularizer=regularizers.l2(1e-3)),
    Dropout(0.2),
    Dense(8, activation="relu"),
    Dense(1, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])

history = model.fit(
    X_train, y_train,
    validation_data=(X_test, y_test),
    epochs=15,
    batch_size=32,
    class_weight=weights,
    verbose=2,
)

# --- report
proba = model.predict(X_test, verbose=0).ravel()
y_hat = (proba > 0.5).astype(int)
print(confusion_matrix(y_test, y_hat))
print(classification_report(y_test, y_hat, target_names=["stay", "churn"], zero_division=0))
print("customers to call this week:", int(y_hat.sum()))
