# Card fraud, about 2 % positives. Class weights, an output bias at the prior, PR-AUC.
import keras
import numpy as np
from sklearn.datasets import make_classification
from sklearn.metrics import average_precision_score, confusion_matrix, precision_recall_curve
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

RANDOM_SEED = 55
keras.utils.set_random_seed(RANDOM_SEED)

X, y = make_classification(n_samples=12000, n_features=16, n_informative=8, n_redundant=4,
                           n_clusters_per_class=1, weights=[0.98], flip_y=0.0, class_sep=1.7,
                           random_state=1)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, stratify=y, random_state=RANDOM_SEED)
X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.2, stratify=y_train,
                                                  random_state=RANDOM_SEED)
scaler = StandardScaler().fit(X_train)
X_train, X_val, X_test = (np.clip(scaler.transform(a), -5, 5).astype("float32") for a in (X_train, X_val, X_test))

pos, neg = y_train.sum(), (y_train == 0).sum()
print("train: %d fraud of %d" % (pos, pos + neg))
weights = {0: 1.0, 1: float(np.sqrt(neg / pos))}         # softened: full balancing gives too many alarms
prior = np.log(pos * weights[1] / neg)

model = keras.Sequential([
    keras.Input((16,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid", bias_initializer=keras.initializers.Constant(prior)),
])
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="binary_crossentropy",
              metrics=[keras.metrics.AUC(curve="PR", name="prc")])
model.fit(X_train, y_train, batch_size=256, epochs=30, class_weight=weights,
          validation_data=(X_val, y_val), verbose=2,
          callbacks=[keras.callbacks.EarlyStopping("val_prc", mode="max", patience=8, restore_best_weights=True)])

precision, recall, threshold = precision_recall_curve(y_val, model.predict(X_val, verbose=0).ravel())
f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
cut = threshold[np.argmax(f1[:-1])]
score = model.predict(X_test, verbose=0).ravel()
print(confusion_matrix(y_test, score >= cut))
print("test average precision %.4f (share of fraud %.4f)" % (average_precision_score(y_test, score), y_test.mean()))
