"""Adding problem with a ReLU recurrent net (Le, Jaitly & Hinton style)."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class AddingStream:
    """Endless batches: sum the two marked numbers in a sequence."""

    def __init__(self, length, batch, seed):
        self.length, self.batch = length, batch
        self.rng = np.random.default_rng(seed)

    def __iter__(self):
        return self

    def __next__(self):
        v = self.rng.random((self.batch, self.length)).astype("float32")
        mark = np.zeros_like(v)
        rows = np.arange(self.batch)
        half = self.length // 2
        mark[rows, self.rng.integers(0, half, self.batch)] = 1
        mark[rows, self.rng.integers(half, self.length, self.batch)] = 1
        return np.stack([v, mark], axis=-1), (v * mark).sum(1, keepdims=True)


class Trainer:
    def __init__(self, length=30, hidden=64, lr=1e-3):
        self.model = keras.Sequential([
            keras.Input((length, 2)),
            layers.SimpleRNN(
                hidden, activation="relu",
                recurrent_initializer=keras.initializers.RandomNormal(stddev=0.3),  # expect: exploding-gradient
            ),
            layers.Dense(1),
        ])
        self.opt = keras.optimizers.Adam(lr)
        self.mse = keras.losses.MeanSquaredError()

    @tf.function
    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.mse(y, self.model(x, training=True))
        grads = tape.gradient(loss, self.model.trainable_variables)
        self.opt.apply_gradients(zip(grads, self.model.trainable_variables))
        return loss, tf.linalg.global_norm(grads)

    def run(self, stream, test, steps, every):
        log = []
        for it in range(1, steps + 1):
            x, y = next(stream)
            log.append([float(t) for t in self.step(tf.constant(x), tf.constant(y))])
            if it % every == 0:
                loss, norm = np.mean(log[-every:], axis=0)
                xt, yt = test
                val = np.mean((self.model(xt).numpy() - yt) ** 2)
                print(f"step {it:5d}  loss {loss:.5g}  grad norm {norm:.4g}  test mse {val:.5g}")


if __name__ == "__main__":
    keras.utils.set_random_seed(4)
    test = next(AddingStream(30, 1000, seed=99))
    print("baseline mse (predict the mean):", np.var(test[1]).round(4))
    Trainer().run(AddingStream(30, 64, seed=1), test, steps=1200, every=120)
