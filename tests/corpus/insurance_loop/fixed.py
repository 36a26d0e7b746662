"""Predict medical charges from insurance.csv with a hand written training loop.

Targets are log(charges), standardised.
"""
import os
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

np.random.seed(0)
tf.random.set_seed(0)

here = os.path.dirname(os.path.abspath(__file__))
df = pd.read_csv(os.path.join(here, "insurance.csv"))
df["charges"] = np.log(df["charges"])
df = pd.get_dummies(df, columns=["sex", "smoker", "region"], drop_first=True).astype("float32")

df_train, df_test = train_test_split(df, test_size=0.2, random_state=1)

x_scaler, y_scaler = StandardScaler(), StandardScaler()
X_train = x_scaler.fit_transform(df_train.drop(columns="charges"))
X_test = x_scaler.transform(df_test.drop(columns="charges"))
y_train = y_scaler.fit_transform(df_train[["charges"]]).ravel()
y_test = y_scaler.transform(df_test[["charges"]]).ravel()
print("train", X_train.shape, y_train.shape, "test", X_test.shape, y_test.shape)

ds = (
    tf.data.Dataset.from_tensor_slices((X_train.astype("float32"), y_train.astype("float32")))
    .shuffle(1000)
    .batch(64)
)

model = tf.keras.Sequential(
    [
        tf.keras.layers.Input(shape=(X_train.shape[1],)),
        tf.keras.layers.Dense(64, activation="relu"),
        tf.keras.layers.Dense(32, activation="relu"),
        tf.keras.layers.Dense(1),
    ]
)
optimizer = tf.keras.optimizers.Adam(2e-3)
DELTA = 1.0


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        pred = model(x, training=True)
        err = y - tf.squeeze(pred, axis=-1)
        small = 0.5 * tf.square(err)
        large = DELTA * (tf.abs(err) - 0.5 * DELTA)
        loss = tf.reduce_mean(tf.where(tf.abs(err) < DELTA, small, large))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


for epoch in range(40):
    losses = [float(train_step(x, y)) for x, y in ds]
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1:2d}   huber {np.mean(losses):.4f}")

p = model(X_test.astype("float32")).numpy().ravel()
print("spread of predictions:", p.std(), " spread of targets:", y_test.std())
print("mean |err| in log(charges):", np.abs(p - y_test).mean() * y_scaler.scale_[0])
print("test R^2:", round(1 - np.sum((y_test - p) ** 2) / np.sum((y_test - y_test.mean()) ** 2), 3))
