# Telco churn - first neural net for the retention team
import os
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

HERE = os.path.dirname(os.path.abspath(__file__))
keras.utils.set_random_seed(7)

df = pd.read_csv(os.path.join(HERE, "churn.csv"))
print(df.head())
print(df["churn"].value_counts())

df = df.drop(columns=["customer_id"])
df["churn"] = df["churn"].map({"Yes": 1, "No": 0})
df["paperless"] = df["paperless"].map({"Yes": 1, "No": 0})
df = pd.get_dummies(df, columns=["contract", "internet"], dtype=float)

y = df.pop("churn").values.astype("float32")
X = df.values.astype("float32")

X_train, X_test, y_train, y_test = train_test_split(
    X, y, test_size=0.2, random_state=7, stratify=y)

scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)
print("train", X_train.shape, "test", X_test.shape)

model = keras.Sequential([
    keras.layers.Input(shape=(X_train.shape[1],)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.002),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.summary()

history = model.fit(
    X_train, y_train,
    validation_data=(X_test, y_test),
    epochs=8,
    batch_size=32,
    verbose=2,
)

loss, acc = model.evaluate(X_test, y_test, verbose=0)
print("test loss %.4f  test accuracy %.3f" % (loss, acc))

proba = model.predict(X_test, verbose=0).ravel()
pred = (proba > 0.5).astype(int)
print(pd.crosstab(pd.Series(y_test.astype(int), name="actual"),
                  pd.Series(pred, name="predicted")))
top = np.argsort(-proba)[:10]
print("ten customers to call first:", top.tolist())
