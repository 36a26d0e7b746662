"""Wine cultivars from chemical analyses, with noise injected into every batch."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine


class NoisyBatches:
    """Endless random batches; adds Gaussian jitter so that the net cannot memorise."""

    def __init__(self, x, y, size, sigma, seed=0):
        self.x, self.y, self.size, self.sigma = x, y, size, sigma
        self.rng = np.random.RandomState(seed)

    def __iter__(self):
        while True:
            idx = self.rng.choice(len(self.x), self.size, replace=False)
            batch = self.x[idx]
            yield batch + self.sigma * self.rng.randn(*batch.shape), self.y[idx]


def main():
    tf.keras.utils.set_random_seed(6)
    x, y = load_wine(return_X_y=True)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    test = np.arange(len(x)) % 4 == 0

    net = tf.keras.Sequential([
        tf.keras.layers.Dense(16, activation="relu"),
        tf.keras.layers.Dense(3, activation="softmax"),
    ])
    adam = tf.keras.optimizers.Adam(0.002)
    xent = tf.keras.losses.SparseCategoricalCrossentropy()
    batches = NoisyBatches(x[~test], y[~test], size=32, sigma=0.1)
    for step, (bx, by) in enumerate(batches):
        if step == 500:
            break
        with tf.GradientTape() as tape:
            p = net(bx, training=True)
            loss = xent(by, p)
        g = tape.gradient(loss, net.trainable_variables)
        adam.apply_gradients(zip(g, net.trainable_variables))
        if step % 50 == 0:
            acc = np.mean(np.argmax(p, -1) == by)
            print(f"{step:4d} loss {float(loss):.3f} batch accuracy {acc:.2f}")
    print("held-out accuracy", np.mean(np.argmax(net(x[test]), -1) == y[test]))


main()
