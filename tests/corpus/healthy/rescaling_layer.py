import keras

keras.utils.set_random_seed(46)
(x, y), (xt, yt) = keras.datasets.cifar10.load_data()
animals = lambda a, b: (a[b[:, 0] < 2], b[b[:, 0] < 2])  # airplane or automobile
x, y = animals(x[:5000], y[:5000])
xt, yt = animals(xt, yt)

model = keras.Sequential([
    keras.Input((32, 32, 3)),
    keras.layers.Rescaling(1 / 127.5, offset=-1),
    keras.layers.Conv2D(16, 3, strides=2, activation="relu"),
    keras.layers.Conv2D(32, 3, strides=2, activation="relu"),
    keras.layers.Flatten(),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=20, batch_size=25, verbose=2)
print("test accuracy", model.evaluate(xt, yt, verbose=0)[1])
