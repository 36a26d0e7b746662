import numpy as np, keras
keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
X = rng.normal(0, .3, (400, 32, 32, 1)).astype("float32"); M = np.zeros((400, 32, 32, 1), "float32")
for k in range(400):
    a, b = rng.integers(2, 22, 2); X[k, a:a+8, b:b+8] += 1; M[k, a:a+8, b:b+8] = 1
c = keras.layers
m = keras.Sequential([keras.Input((32, 32, 1)), c.Conv2D(8, 3, padding="same", activation="relu"), c.MaxPooling2D(), c.Conv2D(16, 3, padding="same", activation="relu"), c.UpSampling2D(), c.Conv2D(8, 3, padding="same", activation="relu"), c.Conv2D(1, 1, activation="sigmoid")])
m.compile(keras.optimizers.Adam(3e-3), "binary_crossentropy", metrics=["accuracy"])
m.fit(X[:320], M[:320], epochs=6, batch_size=8, validation_data=(X[320:], M[320:]), verbose=0); print(m.evaluate(X[320:], M[320:], verbose=0))
