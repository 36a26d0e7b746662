"""Fraud-like data: 4 % positives, class weights, judged by recall and precision."""
import numpy as np
import keras
from sklearn.datasets import make_classification
from sklearn.metrics import precision_score, recall_score
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(2)
X, y = make_classification(
    n_samples=6000, n_features=12, n_informative=6, weights=[0.96], class_sep=2.0,
    flip_y=0.0, random_state=2,
)
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=2)

model = keras.Sequential([
    keras.Input((12,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid", bias_initializer=keras.initializers.Constant(np.log(0.04 / 0.96))),
])
model.compile(keras.optimizers.Adam(3e-3), "binary_crossentropy", metrics=[keras.metrics.AUC(name="auc")])
model.fit(X_train, y_train, epochs=10, batch_size=64, class_weight={0: 1.0, 1: 10.0}, verbose=2)
found = model.predict(X_test, verbose=0)[:, 0] > 0.5
print("recall %.3f precision %.3f" % (recall_score(y_test, found), precision_score(y_test, found)))
