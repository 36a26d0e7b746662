import keras

keras.utils.set_random_seed(36)
(x, y), (xt, yt) = keras.datasets.fashion_mnist.load_data()
x, xt = x[:3000] / 255.0, xt[:500] / 255.0
y, yt = keras.utils.to_categorical(y[:3000]), keras.utils.to_categorical(yt[:500])
model = keras.Sequential([
    keras.layers.Flatten(),
    keras.layers.Dense(100, activation="relu"),
    keras.layers.Dense(10),
])
model.compile(
    keras.optimizers.SGD(0.1),
    keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2),
    metrics=["categorical_accuracy"],
)
model.fit(x, y, epochs=12, batch_size=32, verbose=2)
print("test accuracy", model.evaluate(xt, yt, verbose=0)[1])
