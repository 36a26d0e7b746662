import numpy as np, keras
keras.utils.set_random_seed(0)
rng = np.random.default_rng(1)
X = rng.normal(size=(2500, 30)).astype("float32"); W = rng.normal(size=(30, 20)); Y = ((X @ W + rng.normal(size=(2500, 20))) > 5).astype("float32")
m = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dropout(.3), keras.layers.Dense(20, activation="sigmoid")])
m.compile("adam", "binary_crossentropy", metrics=[keras.metrics.AUC(multi_label=True)])
m.fit(X[:2000], Y[:2000], epochs=15, batch_size=32, validation_data=(X[2000:], Y[2000:]), verbose=0)
print(m.evaluate(X[2000:], Y[2000:], verbose=0))
