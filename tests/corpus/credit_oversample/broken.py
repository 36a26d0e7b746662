# coding: utf-8
# Credit default baseline, exported from my notebook (default_baseline.ipynb)

# In[1]:
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(11)
rng = np.random.default_rng(11)


# In[2]:
def customers(n):
    frame = pd.DataFrame({
        "age": rng.integers(19, 75, n),
        "income": rng.lognormal(10.3, 0.5, n),
        "debt_ratio": rng.beta(2, 5, n),
        "n_loans": rng.poisson(2.0, n),
        "months_employed": rng.exponential(60, n),
        "late_30d": rng.poisson(0.4, n),
    })
    for k in range(10):
        frame[f"bureau_{k}"] = rng.normal(size=n)
    score = (1.6 * frame.late_30d + 4 * frame.debt_ratio + 0.6 * frame.bureau_0
             - 1.1 * np.log(frame.income / 30000) - 4.0 + rng.normal(0, 0.8, n))
    frame["default"] = (score > 0).astype(int)
    return frame


df = customers(1500)
later = customers(3000)      # accounts opened after the model was built
print(df["default"].mean())

# In[3]:
# balance the table: sample defaulters with replacement until both classes match
def balance(t):
    pos, neg = t[t["default"] == 1], t[t["default"] == 0]
    return pd.concat([neg, pos.sample(len(neg), replace=True, random_state=3)])  # expect-or: leakage


df = balance(df)  # expect: leakage
train_df, val_df = train_test_split(df, test_size=0.25, random_state=3)  # expect-or: leakage

# In[4]:
features = [c for c in df.columns if c != "default"]
scaler = StandardScaler().fit(train_df[features])
X_train, y_train = scaler.transform(train_df[features]), train_df["default"].values
X_val, y_val = scaler.transform(val_df[features]), val_df["default"].values

# In[5]:
model = keras.Sequential([
    layers.Input((len(features),)),
    layers.Dense(48, activation="relu"),
    layers.Dense(16, activation="relu"),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="binary_crossentropy", metrics=["accuracy"])
hist = model.fit(X_train, y_train, epochs=7, batch_size=32,
                 validation_data=(X_val, y_val), verbose=2)  # expect-or: leakage

# In[6]:
val_ba = balanced_accuracy_score(y_val, model.predict(X_val, verbose=0)[:, 0] > 0.5)
new_ba = balanced_accuracy_score(later["default"],
                                 model.predict(scaler.transform(later[features]), verbose=0)[:, 0] > 0.5)
print(f"balanced accuracy: validation {val_ba:.3f}, accounts opened later {new_ba:.3f}")
