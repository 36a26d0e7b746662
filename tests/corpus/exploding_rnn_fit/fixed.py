"""Balance of an account after 80 bookings: a recurrent net learns to add."""
import keras
import numpy as np

keras.utils.set_random_seed(50)
rng = np.random.default_rng(50)
T = 80

x = rng.uniform(-1, 1, size=(2000, T, 1)).astype("float32")
y = x.sum(axis=1) / np.sqrt(T / 3)

model = keras.Sequential([
    keras.Input((T, 1)),
    keras.layers.SimpleRNN(
        32,
        activation="linear",
        recurrent_initializer=keras.initializers.Orthogonal(),
    ),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.SGD(0.01, momentum=0.9, clipnorm=0.1), loss="mse")
model.fit(x[:1600], y[:1600], batch_size=32, epochs=8, verbose=2)
print("variance of the targets", y.var())
print("test mse", model.evaluate(x[1600:], y[1600:], verbose=0))
