# 3-fold cross validation, a fresh net for every fold, scaler fitted inside the fold
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler
from tensorflow import keras
from tensorflow.keras import layers

X, y = load_wine(return_X_y=True)
scores = []
for fold, (tr, te) in enumerate(StratifiedKFold(3, shuffle=True, random_state=0).split(X, y)):
    keras.backend.clear_session()
    keras.utils.set_random_seed(fold)
    sc = StandardScaler().fit(X[tr])
    model = keras.Sequential([keras.Input((13,)), layers.Dense(16, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(sc.transform(X[tr]), y[tr], epochs=15, batch_size=16, verbose=0)
    scores.append(model.evaluate(sc.transform(X[te]), y[te], verbose=0)[1])
    print("fold", fold, "accuracy", scores[-1])
print("mean accuracy over held-out folds:", np.mean(scores))
