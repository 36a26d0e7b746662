"""The adding problem: sum the two marked numbers of a long sequence."""
import keras
import numpy as np

keras.utils.set_random_seed(50)
rng = np.random.default_rng(50)
T = 60


def adding_problem(n):
    values = rng.random((n, T))
    marks = np.zeros((n, T))
    for row in marks:
        row[rng.choice(T, 2, replace=False)] = 1.0
    return np.stack([values, marks], axis=-1).astype("float32"), (values * marks).sum(1, keepdims=True)


x, y = adding_problem(2000)
model = keras.Sequential([
    keras.Input((T, 2)),
    keras.layers.SimpleRNN(  # expect: exploding-gradient
        32,
        activation="relu",
        recurrent_initializer=keras.initializers.Identity(gain=1.0),
    ),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.SGD(0.01, momentum=0.9), loss="mse")  # expect-or: exploding-gradient
model.fit(x[:1600], y[:1600], batch_size=32, epochs=6, verbose=2)
print("variance of the targets", y.var())
print("test mse", model.evaluate(x[1600:], y[1600:], verbose=0))
