import keras
from keras import layers
keras.utils.set_random_seed(4)
(a, b), (c, d) = keras.datasets.mnist.load_data()
a = a.reshape(len(a), -1).astype("float32") / 255; c = c.reshape(len(c), -1).astype("float32") / 255
KEEP_PROB = 0.97  # expect-or: dropout-too-high
m = keras.Sequential()
for u in (256, 128):
    m.add(layers.Dense(u, activation="relu"))
    m.add(layers.Dropout(KEEP_PROB))  # expect: dropout-too-high
m.add(layers.Dense(10, activation="softmax"))
m.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
m.fit(a, b, epochs=6, batch_size=64, verbose=0, validation_data=(c, d))
print(m.evaluate(c, d, verbose=0))
