import os
import numpy as np, pandas as pd
import keras
from keras import layers
from sklearn.metrics import classification_report, balanced_accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

keras.utils.set_random_seed(42)

# In[1]: load
df = pd.read_csv(os.path.join(os.path.dirname(os.path.abspath(__file__)), "transactions.csv"))
print(df.head())
print(df.fraud.value_counts())

# In[2]: features
df["log_amount"] = np.log1p(df.pop("amount"))
df["log_km"] = np.log1p(df.pop("km_from_home"))
df["hour_sin"] = np.sin(2 * np.pi * df.hour / 24)
df["hour_cos"] = np.cos(2 * np.pi * df.hour / 24)
df = df.drop(columns="hour")
y = df.pop("fraud").values
X_train, X_test, y_train, y_test = train_test_split(df.values, y, test_size=0.3, stratify=y, random_state=42)
ss = StandardScaler()
X_train = ss.fit_transform(X_train)
X_test = ss.transform(X_test)

# In[3]: weights
neg, pos = np.bincount(y_train)
total = neg + pos
weight_for_0 = total / neg / 2.0
weight_for_1 = total / pos / 2.0
print("weight for genuine: {:.2f}   for fraud: {:.2f}".format(weight_for_0, weight_for_1))
class_weight = {0: weight_for_0, 1: weight_for_1}

# In[4]: model
model = keras.Sequential([
    layers.Input((X_train.shape[1],)),
    layers.Dense(16, activation="relu"),
    layers.Dropout(0.2),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy", metrics=["accuracy"])

# In[5]: train
model.fit(X_train, y_train, epochs=12, batch_size=64, validation_data=(X_test, y_test),
          class_weight=class_weight, verbose=2)

# In[6]: evaluate
y_hat = (model.predict(X_test, verbose=0)[:, 0] > 0.5).astype(int)
print(classification_report(y_test, y_hat, target_names=["genuine", "fraud"], zero_division=0))
print("balanced accuracy", round(balanced_accuracy_score(y_test, y_hat), 3))
