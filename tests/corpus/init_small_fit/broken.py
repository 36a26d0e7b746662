from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler
import keras
from keras import layers

keras.utils.set_random_seed(2)


def dense(units):
    return layers.Dense(  # expect-or: init-too-small
        units,
        activation="tanh",
        kernel_initializer=keras.initializers.RandomNormal(stddev=1e-3),  # expect: init-too-small
    )


X, y = load_diabetes(return_X_y=True)
X = StandardScaler().fit_transform(X)
y = (y - y.mean()) / y.std()

model = keras.Sequential([keras.Input((10,)), dense(40), dense(40), dense(40), dense(40), layers.Dense(1)])  # expect-or: init-too-small
model.compile(optimizer=keras.optimizers.SGD(0.03), loss="mse")
model.fit(X[:350], y[:350], epochs=40, batch_size=16, verbose=0)
print("train mse", model.evaluate(X[:350], y[:350], verbose=0))
print("test mse", model.evaluate(X[350:], y[350:], verbose=0))
