import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix, f1_score, recall_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

SEED = 31
keras.utils.set_random_seed(SEED)

NUMERIC = ["tenure_months", "monthly_fee", "support_tickets", "usage_change_pct"]


def load_frame():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "churn.csv")
    frame = pd.read_csv(path).drop(columns="customer")
    dummies = pd.get_dummies(frame.pop("contract"), prefix="contract").astype(float)
    return pd.concat([frame, dummies], axis=1)


frame = load_frame()
train, test = train_test_split(frame, test_size=0.25, random_state=SEED, stratify=frame["churned"])
train, test = train.copy(), test.copy()
y_train = train.pop("churned").to_numpy()
y_test = test.pop("churned").to_numpy()

scaler = StandardScaler().fit(train[NUMERIC])
for part in (train, test):
    part[NUMERIC] = scaler.transform(part[NUMERIC])

# customers who leave are rare, so give them more weight
total = len(y_train)
neg, pos = np.bincount(y_train)
weight_for_0 = (1 / neg) * (total / 2.0)
weight_for_1 = (1 / pos) * (total / 2.0)
class_weight = {0: weight_for_0, 1: weight_for_1}

model = keras.Sequential([
    keras.Input((train.shape[1],)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dropout(0.1),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(
    optimizer=keras.optimizers.Adam(1e-3),
    loss="binary_crossentropy",
    metrics=["accuracy", keras.metrics.AUC(name="auc")],
)
model.fit(
    train.to_numpy("float32"), y_train,
    epochs=25, batch_size=64,
    class_weight=class_weight,
    verbose=2,
)

prob = model.predict(test.to_numpy("float32"), verbose=0).ravel()
pred = (prob > 0.5).astype(int)
print(confusion_matrix(y_test, pred))
print("accuracy", np.mean(pred == y_test), "auc", roc_auc_score(y_test, prob))
print("recall of churners", recall_score(y_test, pred), "f1", f1_score(y_test, pred))
print("balanced accuracy", 0.5 * (recall_score(y_test, pred) + recall_score(y_test, pred, pos_label=0)))
