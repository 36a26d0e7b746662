from tensorflow.keras import datasets, layers, models, utils

utils.set_random_seed(51)
(x, y), (xt, yt) = datasets.mnist.load_data()
x, xt = x[:2000].astype("float32"), xt[:500].astype("float32")
y, yt = y[:2000], yt[:500]

m = models.Sequential()
m.add(layers.Input((28, 28)))
m.add(layers.Flatten())
m.add(layers.BatchNormalization())
m.add(layers.Dense(64, activation="relu"))
m.add(layers.Dense(10, activation="softmax"))
m.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
m.fit(x, y, batch_size=32, epochs=8, verbose=2)
print("test accuracy", m.evaluate(xt, yt, verbose=0)[1])
