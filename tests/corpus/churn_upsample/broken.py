import numpy as np
import pandas as pd
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.utils import resample
from tensorflow import keras

np.random.seed(0)
keras.utils.set_random_seed(0)

# ---- customers ------------------------------------------------------------
n = 3000
df = pd.DataFrame(np.random.normal(size=(n, 12)), columns=[f"x{i}" for i in range(12)])
risk = 1.3 * df.x0 - 1.0 * df.x1 + 0.9 * df.x2 * df.x3 + np.random.normal(0, 1.2, n)
df["churn"] = (risk > np.quantile(risk, 0.9)).astype(int)
print(df.churn.value_counts())


def balance(frame):
    """Upsample the churners until both groups have the same size."""
    stay, gone = frame[frame.churn == 0], frame[frame.churn == 1]
    gone = resample(gone, replace=True, n_samples=len(stay), random_state=0)
    return pd.concat([stay, gone]).sample(frac=1, random_state=0)


df = balance(df)  # expect: leakage
train_df, valid_df = train_test_split(df, test_size=0.25, random_state=0, stratify=df.churn)  # expect-or: leakage

x_cols = [c for c in df.columns if c != "churn"]
scaler = StandardScaler().fit(train_df[x_cols])
X_train, X_valid = scaler.transform(train_df[x_cols]), scaler.transform(valid_df[x_cols])
y_train, y_valid = train_df.churn.values, valid_df.churn.values

model = keras.Sequential([
    keras.Input((len(x_cols),)),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, validation_data=(X_valid, y_valid), epochs=15, batch_size=64, verbose=2)

pred = (model.predict(X_valid, verbose=0).ravel() > 0.5).astype(int)
print("validation accuracy %.4f" % (pred == y_valid).mean())
print("validation F1 %.4f" % f1_score(y_valid, pred))
