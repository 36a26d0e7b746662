#!/usr/bin/env python
# coding: utf-8

# # Customer churn
# In[1]:
import os
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras import layers, Sequential

np.random.seed(12)
tf.random.set_seed(12)

# In[2]:
here = os.path.dirname(os.path.abspath(__file__))
df = pd.read_csv(os.path.join(here, "churn.csv"))
print(df.shape)
print(df.describe().T[["mean", "std"]].round(2))

# In[3]:
df = pd.get_dummies(df, columns=["plan"], dtype=float)
df = df.sample(frac=1, random_state=12)
X = df.drop(columns=["churned"]).values.astype("float32")
y = df["churned"].values  # expect-or: metric-wrong
split = 1000
mu, sd = X[:split].mean(axis=0), X[:split].std(axis=0)
X = (X - mu) / sd
X_train, y_train, X_test, y_test = X[:split], y[:split], X[split:], y[split:]

# In[4]:
model = Sequential([
    layers.Input((X.shape[1],)),
    layers.Dense(32, activation="relu"),
    layers.Dropout(0.1),
    layers.Dense(16, activation="relu"),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="binary_crossentropy")
model.summary()


# In[5]:
class Score(tf.keras.callbacks.Callback):
    """Accuracy on both parts every few epochs."""

    def __init__(self, every=5):
        super().__init__()
        self.every = every

    def hit_rate(self, X, y):
        proba = self.model.predict(X, verbose=0)  # expect-or: metric-wrong
        return np.mean((proba > 0.5) == y)  # expect: metric-wrong

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0:
            print("epoch", epoch + 1, "loss %.3f" % logs["loss"],
                  "train acc %.3f" % self.hit_rate(X_train, y_train),
                  "test acc %.3f" % self.hit_rate(X_test, y_test))


# In[6]:
hist = model.fit(X_train, y_train, epochs=20, batch_size=32, verbose=0, callbacks=[Score()])
