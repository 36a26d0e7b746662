"""Learn 10-bit codes for images; similar images should share a code."""
import os
import sys

import keras
import numpy as np
import tensorflow as tf

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from loader import images, minibatches, precision_at_1


class Bits(keras.layers.Layer):
    """Real scores -> {-1, +1}."""

    def call(self, score):
        soft = tf.tanh(score)
        hard = tf.where(soft >= 0.0, tf.ones_like(soft), -tf.ones_like(soft))
        return soft + tf.stop_gradient(hard - soft)


class Hasher(keras.Model):
    def __init__(self, bits=10, **kw):
        super().__init__(**kw)
        self.body = keras.layers.Dense(64, activation="relu")
        self.score = keras.layers.Dense(bits)
        self.bits = Bits()
        self.decoder = keras.Sequential([
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(64, activation="sigmoid"),
        ])

    def encode(self, x):
        return self.bits(self.score(self.body(x)))

    def call(self, x):
        return self.decoder(self.encode(x))


def main(epochs=30):
    keras.utils.set_random_seed(4)
    rng = np.random.default_rng(4)
    (x, y), (xq, yq) = images()
    model, opt = Hasher(), keras.optimizers.Adam(3e-3)
    model(x[:1])

    @tf.function
    def step(xb):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(xb) - xb))
        grads = tape.gradient(loss, model.trainable_variables)
        opt.apply_gradients((g, v) for g, v in zip(grads, model.trainable_variables) if g is not None)
        return loss

    for epoch in range(epochs):
        losses = [float(step(tf.constant(xb))) for xb in minibatches(x, 50, rng)]
        if epoch % 5 == 0:
            print(f"epoch {epoch:2d}  reconstruction {np.mean(losses):.4f}")
    mse = float(tf.reduce_mean(tf.square(model(xq) - xq)))
    p1 = precision_at_1(model.encode(x).numpy(), y, model.encode(xq).numpy(), yq)
    print(f"query mse {mse:.4f}  precision@1 {p1:.3f}")


if __name__ == "__main__":
    main()
