"""Surrogate model of the simulator response, with gradient norm logging."""
import argparse

import numpy as np
import tensorflow as tf
import keras
from keras import layers
from sklearn.datasets import make_friedman1


class Surrogate(keras.Model):
    def __init__(self, width=64, depth=2):
        super().__init__()
        self.hidden = [layers.Dense(width, activation="swish") for _ in range(depth)]
        self.readout = layers.Dense(1)
        self.loss_tracker = keras.metrics.Mean(name="mse")
        self.norm_tracker = keras.metrics.Mean(name="gnorm")

    @property
    def metrics(self):
        return [self.loss_tracker, self.norm_tracker]

    def call(self, x, training=False):
        for layer in self.hidden:
            x = layer(x)
        return self.readout(x)

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_hat = self(x, training=True)[:, 0]
            mse = tf.reduce_mean(tf.square(y - y_hat))
        grads = tape.gradient(mse, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.loss_tracker.update_state(mse)
        self.norm_tracker.update_state(tf.linalg.global_norm(grads))
        return {m.name: m.result() for m in self.metrics}


def simulate(n, seed):
    x, y = make_friedman1(n_samples=n, n_features=8, noise=0.5, random_state=seed)
    return x.astype("float32"), y.astype("float32")


def r2(y, p):
    return 1.0 - np.sum((y - p) ** 2) / np.sum((y - y.mean()) ** 2)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--n", type=int, default=2000)
    ap.add_argument("--epochs", type=int, default=12)
    ap.add_argument("--batch", type=int, default=64)
    ap.add_argument("--lr", type=float, default=8e-3)
    ap.add_argument("--seed", type=int, default=11)
    args = ap.parse_args()

    keras.utils.set_random_seed(args.seed)
    x, y = simulate(args.n, args.seed)
    x_te, y_te = simulate(500, args.seed + 1)

    x_mu, x_sd = x.mean(0), x.std(0)
    y_mu, y_sd = y.mean(), y.std()
    x, x_te = (x - x_mu) / x_sd, (x_te - x_mu) / x_sd
    y = (y - y_mu) / y_sd

    model = Surrogate()
    model.compile(optimizer=keras.optimizers.Adam(args.lr))
    model.fit(x, y, epochs=args.epochs, batch_size=args.batch, verbose=2)

    p = model.predict(x_te, verbose=0)[:, 0] * y_sd + y_mu
    print(f"test RMSE {np.sqrt(np.mean((p - y_te) ** 2)):.3f} "
          f"(spread of the response {y_te.std():.3f})")
    print(f"test R2   {r2(y_te, p):.3f}")
    for a, b in list(zip(y_te, p))[:5]:
        print(f"   simulator {a:7.2f}   surrogate {b:7.2f}")


if __name__ == "__main__":
    main()
