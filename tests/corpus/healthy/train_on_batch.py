import keras, numpy as np
keras.utils.set_random_seed(0)
from sklearn.datasets import load_wine
X, y = load_wine(return_X_y=True); X = (X - X.mean(0)) / X.std(0)
r = np.random.default_rng(0); p = r.permutation(178); X, y = X[p], keras.utils.to_categorical(y[p])
m = keras.Sequential([keras.Input((13,)), keras.layers.Dense(20, activation="elu"), keras.layers.Dense(3, activation="softmax")])
m.compile(keras.optimizers.SGD(.05, momentum=.9, nesterov=True), "categorical_crossentropy", metrics=["accuracy"])
for e in range(15):
    for k in range(0, 140, 10): m.train_on_batch(X[k:k+10], y[k:k+10])
print(m.evaluate(X[140:], y[140:], verbose=0))
