import numpy as np, keras
from sklearn.model_selection import KFold
from sklearn.datasets import load_iris
from sklearn.preprocessing import StandardScaler
X, y = load_iris(return_X_y=True)
scores = []
for k, (tr, te) in enumerate(KFold(5, shuffle=True, random_state=0).split(X)):
    keras.utils.set_random_seed(k)
    sc = StandardScaler().fit(X[tr])
    m = keras.Sequential([keras.layers.Dense(12, activation="relu"), keras.layers.Dense(3, activation="softmax")])
    m.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
    m.fit(sc.transform(X[tr]), y[tr], epochs=30, batch_size=8, verbose=0)
    scores.append(m.evaluate(sc.transform(X[te]), y[te], verbose=0)[1])
print(np.mean(scores))
