# Predict which machines need a visit next month.
# machines: from the ERP (order of installation), telemetry: from the historian
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

rs = np.random.RandomState(4)
tf.random.set_seed(4)
N = 1800

serials = rs.permutation(np.arange(10_000, 10_000 + N))
age = rs.gamma(3.0, 2.0, N)
site = rs.choice(["north", "south", "harbour"], N)
vib = rs.normal(2 + 0.2 * age, 0.8)
temp = rs.normal(60 + 2 * age, 6)
starts = rs.poisson(40, N)
risk = 1.4 * (vib - vib.mean()) + 0.09 * (temp - temp.mean()) + 0.8 * (site == "harbour") - 0.6
visit = (risk + rs.logistic(size=N) * 0.5 > 0).astype(int)

machines = pd.DataFrame({"serial": serials, "age": age, "site": site, "visit": visit})
telemetry = pd.DataFrame({"serial": serials, "vib_rms": vib, "temp_p95": temp, "starts": starts})
telemetry = telemetry.sample(frac=1.0, random_state=1)

print(machines.head())
print(telemetry.head())

table = machines.merge(telemetry, on="serial", how="outer")
table = pd.get_dummies(table, columns=["site"], dtype="float32")
print("missing cells:", int(table.isna().sum().sum()))

features = [c for c in table.columns if c not in ("serial", "visit")]
X = table[features].to_numpy("float32")
y = table["visit"].to_numpy("float32")
print(X.shape, y.shape, "share of visits %.2f" % y.mean())

X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
sc = StandardScaler().fit(X_tr)

net = tf.keras.Sequential([
    tf.keras.layers.Dense(32, activation="relu"),
    tf.keras.layers.Dense(16, activation="relu"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
net.compile("adam", "binary_crossentropy", metrics=["accuracy"])
net.fit(sc.transform(X_tr), y_tr, epochs=15, batch_size=32, validation_split=0.15, verbose=2)

p = net.predict(sc.transform(X_te), verbose=0).ravel()
print("test AUC: %.3f" % roc_auc_score(y_te, p))
print("visits found among the 50 highest scores:", int(y_te[np.argsort(-p)[:50]].sum()))
