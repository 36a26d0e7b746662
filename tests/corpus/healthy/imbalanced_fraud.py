import numpy as np
import tensorflow as tf
from sklearn.datasets import make_classification
from sklearn.metrics import average_precision_score, classification_report, roc_auc_score
from sklearn.model_selection import train_test_split

SEED = 8
tf.keras.utils.set_random_seed(SEED)


class FraudNet(tf.keras.Model):
    def __init__(self, prior):
        super().__init__()
        self.h1 = tf.keras.layers.Dense(32, activation="relu")
        self.h2 = tf.keras.layers.Dense(16, activation="relu")
        # start from the base rate
        self.out = tf.keras.layers.Dense(
            1, bias_initializer=tf.keras.initializers.Constant(np.log(prior / (1 - prior)))
        )

    def call(self, x):
        return self.out(self.h2(self.h1(x)))


X, y = make_classification(
    n_samples=6000, n_features=14, n_informative=8, n_redundant=2, weights=[0.95, 0.05],
    flip_y=0.002, class_sep=1.6, n_clusters_per_class=2, random_state=SEED,
)
X = X.astype("float32")
y = y.astype("float32")
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.3, stratify=y, random_state=SEED)
mu, sd = X_tr.mean(0), X_tr.std(0)
X_tr, X_te = (X_tr - mu) / sd, (X_te - mu) / sd
print("share of fraud:", y_tr.mean())

model = FraudNet(prior=y_tr.mean())
model.compile(
    optimizer=tf.keras.optimizers.Adam(1e-3),
    loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0.0, name="acc"),
             tf.keras.metrics.AUC(curve="PR", from_logits=True, name="pr_auc")],
)
model.fit(X_tr, y_tr, epochs=15, batch_size=64, validation_data=(X_te, y_te), verbose=2)

logit = model.predict(X_te, verbose=0).ravel()
print(classification_report(y_te, logit > 0, digits=3))
recall = (logit[y_te == 1] > 0).mean()
print(f"accuracy {np.mean((logit > 0) == y_te):.3f} (always honest: {1 - y_te.mean():.3f})  recall {recall:.3f}")
print(f"average precision {average_precision_score(y_te, logit):.3f} (chance {y_te.mean():.3f})  "
      f"ROC AUC {roc_auc_score(y_te, logit):.3f}")
