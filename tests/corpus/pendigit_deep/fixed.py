import keras
import numpy as np
from keras import layers, ops
from sklearn.datasets import load_digits


class Squash(layers.Layer):
    """Smooth unit with an adjustable range: lo + (hi - lo) * sigmoid(x * gain)."""

    def __init__(self, lo=0.0, hi=1.0, gain=1.0, **kw):
        super().__init__(**kw)
        self.lo, self.hi, self.gain = lo, hi, gain

    def call(self, x):
        return self.lo + (self.hi - self.lo) * ops.sigmoid(self.gain * x)


class Column(keras.Model):
    def __init__(self, depth, width, classes):
        super().__init__()
        self.blocks = []
        for _ in range(depth):
            self.blocks.append(layers.Dense(width))
            self.blocks.append(Squash(lo=-1.0, hi=1.0, gain=2.0))
        self.out = layers.Dense(classes)

    def call(self, x):
        for b in self.blocks:
            x = b(x)
        return self.out(x)


class Experiment:
    depth, width, lr, epochs = 10, 40, 1e-3, 14

    def __init__(self, seed=0):
        keras.utils.set_random_seed(seed)
        x, y = load_digits(return_X_y=True)
        p = np.random.permutation(len(x))
        x = ((x[p] - x.mean()) / x.std()).astype("float32")
        self.train, self.test = (x[:1500], y[p][:1500]), (x[1500:], y[p][1500:])

    def run(self):
        m = Column(self.depth, self.width, 10)
        m.compile(
            optimizer=keras.optimizers.Adam(self.lr),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["sparse_categorical_accuracy"],
        )
        m.fit(*self.train, batch_size=32, epochs=self.epochs, verbose=2)
        return m.evaluate(*self.test, verbose=0)


if __name__ == "__main__":
    loss, acc = Experiment().run()
    print(f"test: loss={loss:.3f} acc={acc:.3f}")
