# Churn data. val accuracy is > 0.95 while on the customers of the next month it is not even 0.8. Concept drift??
import warnings
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.utils import resample
from tensorflow import keras

warnings.filterwarnings("ignore")
keras.utils.set_random_seed(2)


def month(seed, n):
    r = np.random.RandomState(seed)
    f = r.normal(size=(n, 12))
    score = 1.6 * f[:, 0] - 1.2 * f[:, 1] + 0.9 * f[:, 2] * f[:, 3] - 1.5
    return pd.DataFrame(f, columns=["f%d" % i for i in range(12)]).assign(churn=(score + 1.7 * r.normal(size=n) > 0).astype(int))


df = month(0, 900)
print(df.churn.value_counts())

minority = df[df.churn == 1]
majority = df[df.churn == 0]
more = resample(minority, replace=True, n_samples=len(majority), random_state=0)
df = pd.concat([more, majority])  # expect-or: leakage

train_df, val_df = train_test_split(df, test_size=0.25, random_state=1, stratify=df.churn)  # expect: leakage

cols = [c for c in df.columns if c != "churn"]
scaler = StandardScaler().fit(train_df[cols])
X_tr, y_tr = scaler.transform(train_df[cols]), train_df.churn.values
X_va, y_va = scaler.transform(val_df[cols]), val_df.churn.values

model = keras.Sequential([
    keras.Input((len(cols),)),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dropout(.2),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy", metrics=["accuracy"])
stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=4, restore_best_weights=True)
h = model.fit(X_tr, y_tr, validation_data=(X_va, y_va), epochs=50, batch_size=32, callbacks=[stop], verbose=2)  # expect-or: leakage

new = month(77, 1500)
p = model.predict(scaler.transform(new[cols]), verbose=0).ravel()
pv = model.predict(X_va, verbose=0).ravel()
print("val accuracy        :", accuracy_score(y_va, pv > 0.5), "auc", roc_auc_score(y_va, pv))
print("next month accuracy :", accuracy_score(new.churn, p > 0.5), "auc", roc_auc_score(new.churn, p))
