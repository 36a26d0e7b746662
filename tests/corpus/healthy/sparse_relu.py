"""Wide ReLU net with an L1 activity penalty: most activations are zero, on purpose."""
import keras
from keras import layers, regularizers

keras.utils.set_random_seed(1)
(x, y), (xt, yt) = keras.datasets.mnist.load_data()
x, xt = x[:2000].reshape(-1, 784) / 255.0, xt[:500].reshape(-1, 784) / 255.0
y, yt = y[:2000], yt[:500]

model = keras.Sequential([
    keras.Input((784,)),
    layers.Dense(512, activation="relu", activity_regularizer=regularizers.L1(1e-3)),
    layers.Dense(256, activation="relu", activity_regularizer=regularizers.L1(1e-3)),
    layers.Dense(10, activation="softmax"),
])
model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=12, batch_size=64, verbose=2)
hidden = keras.Model(model.inputs, model.layers[0].output).predict(xt, verbose=0)
print("zero activations: %.3f" % (hidden == 0).mean())
print("test accuracy: %.3f" % model.evaluate(xt, yt, verbose=0)[1])
