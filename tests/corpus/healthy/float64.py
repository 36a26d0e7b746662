import keras, numpy as np
keras.config.set_floatx("float64")
keras.utils.set_random_seed(0)
from sklearn.datasets import load_breast_cancer
X, y = load_breast_cancer(return_X_y=True); X = (X - X.mean(0)) / X.std(0)
i = keras.Input((30,)); o = keras.layers.Dense(1, activation="sigmoid")(keras.layers.Dense(16, activation="tanh")(i))
m = keras.Model(i, o); m.compile(keras.optimizers.RMSprop(0.005), "binary_crossentropy", metrics=["accuracy"])
m.fit(X[:400], y[:400], epochs=10, batch_size=5, verbose=0, validation_data=(X[400:], y[400:])); print(m.evaluate(X[400:], y[400:], verbose=0))
