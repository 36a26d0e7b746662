"""Predictive density of wind power: own Gaussian likelihood, loss goes below zero."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers


class DensityNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.body = keras.Sequential([layers.Dense(40, activation="tanh"), layers.Dense(40, activation="tanh")])
        self.mean = layers.Dense(1)
        self.spread = layers.Dense(1)

    def call(self, x):
        h = self.body(x)
        return self.mean(h), tf.nn.softplus(self.spread(h)) + 1e-3


def negative_log_density(y, mean, spread):
    return tf.reduce_mean(0.5 * tf.square((y - mean) / spread) + tf.math.log(spread) + 0.5 * np.log(2 * np.pi))


def farm(n, rng):
    x = rng.normal(0, 1, (n, 4)).astype("float32")
    noise = 0.02 + 0.06 / (1 + np.exp(-2 * x[:, 3]))
    y = 0.5 * np.tanh(x[:, 0]) + 0.2 * x[:, 1] * x[:, 2] + rng.normal(0, 1, n) * noise
    return x, y.astype("float32")[:, None]


def main():
    keras.utils.set_random_seed(9)
    x, y = farm(1600, np.random.default_rng(9))
    model, optimizer = DensityNet(), keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(8e-3, 32 * 41))
    model(x[:1])
    optimizer.build(model.trainable_variables)

    @tf.function
    def step(bx, by):
        with tf.GradientTape() as tape:
            loss = negative_log_density(by, *model(bx))
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
        return loss

    data = tf.data.Dataset.from_tensor_slices((x[:1300], y[:1300])).shuffle(1300, seed=2).batch(32)
    for epoch in range(32):
        losses = [float(step(bx, by)) for bx, by in data]
        print(f"epoch {epoch + 1} loss {np.mean(losses):.3f}")
    mean, spread = model(x[1300:])
    inside = np.mean(np.abs(mean.numpy() - y[1300:]) < 1.645 * spread.numpy())
    r2 = 1 - np.mean((mean.numpy() - y[1300:]) ** 2) / np.var(y[1300:])
    print(f"held-out R2 {r2:.3f}, 90% band covers {inside:.2f}, loss {float(negative_log_density(y[1300:], mean, spread)):.3f}")


if __name__ == "__main__":
    main()
