# %% [markdown]
# ## Which pumps will fail within a week?

# %%
from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import balanced_accuracy_score, confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

tf.keras.utils.set_random_seed(8)
here = Path(__file__).resolve().parent

# %%
df = pd.read_csv(here / "pumps.csv")
df.describe().T

# %%
target = "failed_within_week"
features = [c for c in df.columns if c != target]
train_df, test_df = train_test_split(df, test_size=0.3, random_state=0, stratify=df[target])
scaler = StandardScaler().fit(train_df[features])
X_train = scaler.transform(train_df[features]).astype("float32")
X_test = scaler.transform(test_df[features]).astype("float32")
y_train = train_df[target].to_numpy("float32")
y_test = test_df[target].to_numpy("float32")

# %%
model = tf.keras.Sequential()
model.add(tf.keras.Input(shape=(len(features),)))
model.add(tf.keras.layers.Dense(16, activation="relu"))
model.add(tf.keras.layers.Dense(8, activation="relu"))
model.add(tf.keras.layers.Dense(1, activation="sigmoid"))
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])

# %%
hist = model.fit(
    X_train, y_train,
    validation_data=(X_test, y_test),
    class_weight={0: 1.0, 1: 32.0},
    batch_size=64, epochs=15, verbose=0,
)
pd.DataFrame(hist.history).tail(3).round(3)

# %%
p = model.predict(X_test, verbose=0).ravel()
guess = (p > 0.5).astype(int)
print("val accuracy     ", round(hist.history["val_accuracy"][-1], 3))
print("failures found   ", int(((guess == 1) & (y_test == 1)).sum()), "of", int(y_test.sum()))
print("balanced accuracy", round(balanced_accuracy_score(y_test, guess), 3))
print(confusion_matrix(y_test, guess))
