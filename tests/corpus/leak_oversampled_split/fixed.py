"""Churn of telephone customers: will the customer leave within the quarter?"""
import os

import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import balanced_accuracy_score, recall_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 11
tf.random.set_seed(SEED)
np.random.seed(SEED)


def balance(frame):
    """Repeat rows of the rare class until both classes are equally frequent."""
    stay = frame[frame["churn"] == 0]
    leave = frame[frame["churn"] == 1]
    leave = leave.sample(len(stay), replace=True, random_state=SEED)
    return pd.concat([stay, leave]).sample(frac=1.0, random_state=SEED)


def to_arrays(frame):
    x = frame.drop(columns="churn").to_numpy("float32")
    y = frame["churn"].to_numpy("float32").reshape(-1, 1)
    return x, y


customers = pd.read_csv(os.path.join(HERE, "churn.csv"))
train, valid = train_test_split(customers, test_size=0.25, random_state=SEED)
train = balance(train)

x_train, y_train = to_arrays(train)
x_valid, y_valid = to_arrays(valid)
scaler = StandardScaler().fit(x_train)
x_train, x_valid = scaler.transform(x_train), scaler.transform(x_valid)

net = tf.keras.Sequential([
    tf.keras.layers.Input((x_train.shape[1],)),
    tf.keras.layers.Dense(48, activation="relu"),
    tf.keras.layers.Dense(24, activation="relu"),
    tf.keras.layers.Dense(1),
])
optimizer = tf.keras.optimizers.Adam(1e-3)
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = bce(y, net(x, training=True))
    grads = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(grads, net.trainable_variables))
    return loss


batches = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(2000, seed=SEED).batch(32)
for epoch in range(16):
    losses = [float(step(x, y)) for x, y in batches]
    if epoch % 4 == 3:
        val_loss = float(bce(y_valid, net(x_valid, training=False)))
        print(f"epoch {epoch + 1:3d}  loss {np.mean(losses):.4f}  val_loss {val_loss:.4f}")

guess = net(x_valid, training=False).numpy() > 0
print("validation balanced accuracy: %.3f" % balanced_accuracy_score(y_valid, guess))
print("recall of the leavers: %.3f" % recall_score(y_valid, guess))
