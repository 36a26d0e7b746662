"""Garment classifier. Focal loss so that the shirt/pullover/coat confusion gets the attention."""
import numpy as np
import keras
from keras import layers, ops


class SparseFocal(keras.losses.Loss):
    def __init__(self, gamma=2.0, **kwargs):
        super().__init__(**kwargs)
        self.gamma = gamma

    def call(self, y_true, y_pred):
        labels = ops.cast(ops.reshape(y_true, (-1,)), "int32")
        onehot = ops.one_hot(labels, y_pred.shape[-1])
        pt = ops.sum(onehot * y_pred, axis=-1)
        pt = ops.clip(pt, 1e-6, 1.0)
        return ops.power(1.0 - pt, self.gamma) * -ops.log(pt)


class Experiment:
    width = 16

    def __init__(self, gamma, seed=9):
        keras.utils.set_random_seed(seed)
        self.loss = SparseFocal(gamma=gamma)
        self.net = self._net()

    def _net(self):
        return keras.Sequential([
            layers.Input((28, 28, 1)),
            layers.Conv2D(self.width, 3, strides=2, activation="relu"),
            layers.Conv2D(2 * self.width, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(48, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ])

    def run(self, train, test, epochs=7):
        self.net.compile(optimizer=keras.optimizers.Adam(1.5e-3), loss=self.loss, metrics=["accuracy"])
        self.net.fit(*train, validation_data=test, epochs=epochs, batch_size=40, verbose=2)
        return self.net.predict(test[0], verbose=0)


def load():
    (a, b), (c, d) = keras.datasets.fashion_mnist.load_data()
    prep = lambda im: (im[..., np.newaxis] / 255.0).astype("float32")
    return (prep(a), b), (prep(c), d)


if __name__ == "__main__":
    train, test = load()
    prob = Experiment(gamma=2.0).run(train, test)
    hits = prob.argmax(1) == test[1]
    print("accuracy %.3f" % hits.mean())
    for k, name in ((6, "shirt"), (2, "pullover"), (4, "coat")):
        print(f"  {name:9s} {hits[test[1] == k].mean():.2f}")
