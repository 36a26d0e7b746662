import numpy as np
import tensorflow as tf
from tensorflow import keras
from sklearn.datasets import make_classification
from sklearn.metrics import confusion_matrix, average_precision_score
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(17)

X, y = make_classification(n_samples=12000, n_features=12, n_informative=6, n_redundant=2, weights=[0.94],
                           class_sep=1.4, flip_y=0.01, random_state=17)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
Xtr, Xva, ytr, yva = train_test_split(Xtr, ytr, test_size=0.2, stratify=ytr, random_state=0)

neg, pos = np.bincount(ytr)
total = neg + pos
print(f"Examples: total {total}, positive {pos} ({100 * pos / total:.2f}%)")
class_weight = {0: total / (2.0 * neg), 1: total / (2.0 * pos)}

norm = keras.layers.Normalization()
norm.adapt(Xtr)

METRICS = [keras.metrics.Precision(name="precision"), keras.metrics.Recall(name="recall"),
           keras.metrics.AUC(name="prc", curve="PR")]


def make_model():
    m = keras.Sequential([
        keras.Input((X.shape[1],)),
        norm,
        keras.layers.Dense(24, activation="relu"),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(1, activation="sigmoid"),
    ])
    m.compile(optimizer=keras.optimizers.Adam(2e-3), loss=keras.losses.BinaryCrossentropy(), weighted_metrics=[], metrics=METRICS)
    return m


model = make_model()
model.fit(Xtr, ytr, batch_size=256, epochs=30, validation_data=(Xva, yva), class_weight=class_weight, verbose=2)

p = model.predict(Xte, batch_size=512, verbose=0).ravel()
print(confusion_matrix(yte, p > 0.5))
print("average precision %.3f (prevalence %.3f)" % (average_precision_score(yte, p), yte.mean()))
