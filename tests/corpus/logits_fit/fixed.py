import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(1)
(x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
x_train = x_train[:6000].reshape(-1, 784) / 255.0
x_test = x_test[:1000].reshape(-1, 784) / 255.0
y_train = keras.utils.to_categorical(y_train[:6000], 10)
y_test = keras.utils.to_categorical(y_test[:1000], 10)


def cross_entropy(y_true, y_pred):
    return tf.nn.softmax_cross_entropy_with_logits(labels=y_true, logits=y_pred)


model = keras.models.Sequential()
model.add(keras.Input(shape=(784,)))
model.add(keras.layers.Dense(200, activation="relu"))
model.add(keras.layers.Dense(10))
model.compile(
    loss=cross_entropy,
    optimizer=keras.optimizers.SGD(0.05),
    metrics=["accuracy"],
)
model.fit(x_train, y_train, epochs=6, batch_size=64, verbose=2)
print(dict(zip(model.metrics_names, model.evaluate(x_test, y_test, verbose=0))))
