"""Clothing silhouettes with a gated layer.   Settings come from an argument file."""
import argparse
import pathlib

import keras
from keras import ops

HERE = pathlib.Path(__file__).parent

cli = argparse.ArgumentParser(fromfile_prefix_chars="@")
cli.add_argument("--units", type=int, default=128)
cli.add_argument("--epochs", type=int, default=8)
cli.add_argument("--batch", type=int, default=64)
cli.add_argument("--step", type=float, default=1e-3)
cli.add_argument("--l2", type=float, default=0.0)
cli.add_argument("--seed", type=int, default=0)
opt = cli.parse_args([f"@{HERE / 'night.args'}"])  # expect-or: regularisation-too-strong
print(vars(opt))
keras.utils.set_random_seed(opt.seed)


class Gated(keras.layers.Layer):
    """x -> relu(xA + a) * sigmoid(xB + b)"""

    def __init__(self, units, l2, **kw):
        super().__init__(**kw)
        self.units = units
        self.l2 = l2

    def build(self, shape):
        reg = keras.regularizers.L2(self.l2)  # expect-or: regularisation-too-strong
        d = shape[-1]
        self.A = self.add_weight(shape=(d, self.units), initializer="he_normal", regularizer=reg, name="A")
        self.a = self.add_weight(shape=(self.units,), initializer="zeros", name="a")
        self.B = self.add_weight(shape=(d, self.units), initializer="glorot_normal", regularizer=reg, name="B")
        self.b = self.add_weight(shape=(self.units,), initializer="ones", name="b")

    def call(self, x):
        return ops.relu(ops.matmul(x, self.A) + self.a) * ops.sigmoid(ops.matmul(x, self.B) + self.b)


(xa, ya), (xb, yb) = keras.datasets.fashion_mnist.load_data()
xa = xa.reshape(len(xa), -1).astype("float32") / 255
xb = xb.reshape(len(xb), -1).astype("float32") / 255

net = keras.Sequential([  # expect-or: regularisation-too-strong
    keras.Input((784,)),  # expect-or: regularisation-too-strong
    Gated(opt.units, opt.l2, name="gate1"),  # expect: regularisation-too-strong
    Gated(opt.units // 2, opt.l2, name="gate2"),  # expect-or: regularisation-too-strong
    keras.layers.Dense(10),  # expect-or: regularisation-too-strong
])  # expect-or: regularisation-too-strong
net.compile(
    optimizer=keras.optimizers.Adam(opt.step),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
net.fit(xa, ya, batch_size=opt.batch, epochs=opt.epochs, validation_data=(xb, yb), verbose=2)

for name, value in zip(net.metrics_names, net.evaluate(xb, yb, verbose=0)):
    print(f"test {name}: {value:.4f}")
