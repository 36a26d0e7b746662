# %%
import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(99)

# %% load
bunch = load_breast_cancer(as_frame=True)
frame = bunch.frame
skewed = [c for c in bunch.feature_names if frame[c].skew() > 1.0]
print(len(skewed), "skewed columns")

# %% take the logarithm of the skewed columns, then standardise
for c in skewed:
    frame[c] = np.log(frame[c])  # expect: input-nan
features = frame.drop(columns="target")
features = (features - features.mean()) / features.std()  # expect-or: input-nan

# %%
X_train, X_test, y_train, y_test = train_test_split(
    features.to_numpy("float32"), frame["target"].to_numpy(), test_size=0.25, random_state=1, stratify=frame["target"]
)

# %%
model = keras.Sequential(
    [
        layers.Input(shape=(X_train.shape[1],)),
        layers.Dense(24, activation="tanh"),
        layers.Dense(12, activation="tanh"),
        layers.Dense(1, activation="softmax"),  # expect-also: output-activation
    ]
)
model.compile(optimizer=keras.optimizers.RMSprop(0.002), loss="binary_crossentropy", metrics=["accuracy"])  # expect-also-or: output-activation

# %%
log = model.fit(X_train, y_train, validation_split=0.1, epochs=25, batch_size=16, verbose=0)  # expect-or: input-nan
print(pd.DataFrame(log.history).iloc[::6])

# %%
print("test accuracy", (model.evaluate(X_test, y_test, verbose=0)[1]))
