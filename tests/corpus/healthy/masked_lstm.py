import keras, numpy as np
keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)
n = 1500; X = np.zeros((n, 20), "int32"); y = np.zeros(n)
for k in range(n):
    L = rng.integers(4, 20); X[k, :L] = rng.integers(1, 50, L); y[k] = (X[k, :L] > 35).sum() > (X[k, :L] < 15).sum() * .9
m = keras.Sequential([keras.layers.Embedding(50, 8, mask_zero=True), keras.layers.LSTM(16), keras.layers.Dense(1, activation="sigmoid")])
m.compile(keras.optimizers.Adam(0.01, clipnorm=1.), "binary_crossentropy", metrics=["accuracy"])
m.fit(X[:1200], y[:1200], epochs=6, batch_size=30, validation_split=.1, verbose=0); print(m.evaluate(X[1200:], y[1200:], verbose=0))
