"""Which of six chords? Bag-of-notes input, two tanh layers."""
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(30)
rng = np.random.default_rng(30)
chords = np.zeros((6, 12))
for row, notes in enumerate([(0, 4, 7), (9, 0, 4), (5, 9, 0), (7, 11, 2), (2, 5, 9), (4, 7, 11)]):
    chords[row, list(notes)] = 1.0
label = rng.integers(0, 6, 3000)
x = np.clip(chords[label] * rng.uniform(0.3, 1, (3000, 12)) + 0.25 * rng.random((3000, 12)), 0, 1)

inputs = keras.Input(shape=(12,))
h = layers.Dense(32, activation="tanh", bias_initializer=keras.initializers.Constant(25.0))(inputs)  # expect: saturation
h = layers.Dense(32, activation="tanh", bias_initializer=keras.initializers.Constant(25.0))(h)  # expect-or: saturation
outputs = layers.Dense(6, activation="softmax")(h)
model = keras.Model(inputs, outputs)
model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[:2400], label[:2400], epochs=10, batch_size=40, verbose=2)
print("test accuracy", model.evaluate(x[2400:], label[2400:], verbose=0)[1])
