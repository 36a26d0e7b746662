"""Lottery tickets on small digits: train, keep the largest 15 % of the weights, rewind, train again."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(3)
x, y = load_digits(return_X_y=True)
x = (x / 16.0).astype("float32")
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, stratify=y, random_state=1)


class Lion(tf.keras.optimizers.Optimizer):
    """sign momentum (Chen et al. 2023)"""

    def __init__(self, learning_rate=1e-4, beta_1=0.9, beta_2=0.99, weight_decay=None, name="lion_custom", **kw):
        super().__init__(learning_rate=learning_rate, weight_decay=weight_decay, name=name, **kw)
        self.b1, self.b2 = beta_1, beta_2

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.momenta = [self.add_variable_from_reference(v, name="m") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        m = self.momenta[self._get_variable_index(variable)]
        lr = tf.cast(learning_rate, variable.dtype)
        direction = tf.sign(self.b1 * m + (1 - self.b1) * gradient)
        self.assign_sub(variable, lr * direction)
        self.assign(m, self.b2 * m + (1 - self.b2) * gradient)


class MaskedDense(tf.keras.layers.Layer):
    def __init__(self, units, activation=None, **kw):
        super().__init__(**kw)
        self.units, self.activation = units, tf.keras.activations.get(activation)

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(shape[-1], self.units), initializer="he_normal")
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        self.mask = self.add_weight(name="mask", shape=self.kernel.shape, initializer="ones", trainable=False)

    def call(self, x):
        return self.activation(x @ (self.kernel * self.mask) + self.bias)


def build():
    return tf.keras.Sequential([
        tf.keras.Input((64,)), MaskedDense(128, "relu"), MaskedDense(64, "relu"), MaskedDense(10)])


def train(model, epochs, tag):
    model.compile(Lion(5e-4), tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    h = model.fit(x_train, y_train, batch_size=64, epochs=epochs, validation_data=(x_test, y_test), verbose=0)
    loss, acc = model.evaluate(x_test, y_test, verbose=0)
    print(f"{tag:28s} epochs {len(h.history['loss']):2d}  train loss {h.history['loss'][-1]:.4f}  test loss {loss:.4f}  test acc {acc:.3f}")
    return acc


model = build()
initial = [l.kernel.numpy() for l in model.layers]
train(model, 14, "dense network")

for keep in (0.4, 0.15):
    for layer, w0 in zip(model.layers, initial):
        score = np.abs(layer.kernel.numpy() * layer.mask.numpy())
        k = max(keep, 0.4) if layer.units == 10 else keep
        layer.mask.assign((score >= np.quantile(score, 1 - k)).astype("float32"))
        layer.kernel.assign(w0 * layer.mask.numpy())
        layer.bias.assign(tf.zeros_like(layer.bias))
    alive = sum(int(l.mask.numpy().sum()) for l in model.layers)
    total = sum(l.mask.numpy().size for l in model.layers)
    train(model, 16, f"ticket, {alive / total:.1%} of weights")
