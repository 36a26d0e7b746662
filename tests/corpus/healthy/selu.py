from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler
from tensorflow import keras

keras.utils.set_random_seed(25)
X, y = load_digits(return_X_y=True)
X = StandardScaler().fit_transform(X)
net = keras.models.Sequential([keras.layers.Input((64,))])
for _ in range(8):
    net.add(keras.layers.Dense(50, activation="selu", kernel_initializer="lecun_normal"))
    net.add(keras.layers.AlphaDropout(0.05))
net.add(keras.layers.Dense(10, activation="softmax"))
net.compile(keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True), "sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(X[:1400], y[:1400], epochs=12, batch_size=32, verbose=2)
print("test accuracy", net.evaluate(X[1400:], y[1400:], verbose=0)[1])
