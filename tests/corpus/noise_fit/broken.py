"""MNIST with noise regularisation (the noise is only active while training)."""
import keras

keras.utils.set_random_seed(17)
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train = x_train[:4000].astype("float32") / 255
x_test = x_test[:1000].astype("float32") / 255
y_train, y_test = y_train[:4000], y_test[:1000]



class Jitter(keras.layers.Layer):
    """Adds white noise, only while training."""

    def __init__(self, stddev, **kwargs):
        super().__init__(**kwargs)
        self.stddev = stddev
        self.seed_generator = keras.random.SeedGenerator(17)

    def call(self, inputs, training=False):
        if not training:
            return inputs
        noise = keras.random.normal(  # expect-or: input-noise
            keras.ops.shape(inputs), stddev=self.stddev, seed=self.seed_generator
        )
        return inputs + noise  # expect-or: input-noise


model = keras.Sequential(
    [
        keras.layers.Input(shape=(28, 28)),
        keras.layers.Flatten(),
        Jitter(5.0),  # expect: input-noise
        keras.layers.Dense(64, activation="tanh"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(keras.optimizers.SGD(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=32, epochs=8, verbose=2, validation_data=(x_test, y_test))
score = model.evaluate(x_test, y_test, verbose=0)
print("Test loss:", score[0])
print("Test accuracy:", score[1])
