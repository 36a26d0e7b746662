"""Card fraud, 1.5 % positives. Weighted training, ranking metrics, threshold from the validation set."""
import json
from pathlib import Path

import numpy as np
import tensorflow as tf
from sklearn.datasets import make_classification
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

CONFIG = json.loads((Path(__file__).parent / "fraud_class_weight_config.json").read_text())


def get_data():
    X, y = make_classification(
        n_samples=CONFIG["rows"], n_features=20, n_informative=8, n_redundant=4, n_clusters_per_class=2,
        weights=[1 - CONFIG["fraud_rate"]], class_sep=1.9, flip_y=0.0, random_state=CONFIG["seed"])
    X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
    X_tr, X_va, y_tr, y_va = train_test_split(X_tr, y_tr, test_size=0.25, stratify=y_tr, random_state=0)
    sc = StandardScaler().fit(X_tr)
    return [(sc.transform(a).astype("float32"), b.astype("float32")) for a, b in
            ((X_tr, y_tr), (X_va, y_va), (X_te, y_te))]


class FraudNet:
    def __init__(self, n_features):
        self.model = tf.keras.Sequential([
            tf.keras.Input((n_features,)),
            tf.keras.layers.Dense(CONFIG["units"], activation="relu"),
            tf.keras.layers.Dropout(CONFIG["dropout"]),
            tf.keras.layers.Dense(CONFIG["units"], activation="relu"),
            tf.keras.layers.Dense(1, activation="sigmoid"),
        ])
        self.model.compile(
            optimizer=tf.keras.optimizers.Adam(CONFIG["lr"]),
            loss="binary_crossentropy",
            metrics=[tf.keras.metrics.AUC(curve="PR", name="pr_auc"), tf.keras.metrics.Recall(name="recall")],
        )
        self.threshold = 0.5

    def fit(self, train, valid):
        n_pos = train[1].sum()
        n = len(train[1])
        weights = {0: n / (2 * (n - n_pos)), 1: n / (2 * n_pos)}
        print("class weights", {k: round(float(v), 2) for k, v in weights.items()})
        self.model.fit(*train, validation_data=valid, class_weight=weights,
                       epochs=CONFIG["epochs"], batch_size=CONFIG["batch"], verbose=2)
        p = self.score(valid[0])
        prec, rec, thr = precision_recall_curve(valid[1], p)
        f1 = 2 * prec * rec / np.maximum(prec + rec, 1e-9)
        self.threshold = float(thr[f1[:-1].argmax()])

    def score(self, X):
        return self.model.predict(X, batch_size=2048, verbose=0).ravel()


tf.keras.utils.set_random_seed(CONFIG["seed"])
train, valid, test = get_data()
print(f"rows {len(train[1])}/{len(valid[1])}/{len(test[1])}, fraud {train[1].mean():.3%}")
net = FraudNet(train[0].shape[1])
net.fit(train, valid)

p, y = net.score(test[0]), test[1]
flag = p >= net.threshold
print(f"\nthreshold {net.threshold:.3f}")
print(f"test ROC AUC {roc_auc_score(y, p):.4f}   average precision {average_precision_score(y, p):.3f} (base rate {y.mean():.3f})")
print(f"flagged {flag.sum()} of {len(y)}: precision {y[flag].mean():.3f}, recall {flag[y == 1].mean():.3f}")
