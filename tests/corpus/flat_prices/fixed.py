"""Asking-price model for flats, one CSV row per listing."""
import csv
import pathlib

import numpy as np
import tensorflow as tf

DATA = pathlib.Path(__file__).with_name("flats.csv")
COLUMNS = ["area_m2", "rooms", "floor", "built", "km_to_centre", "balcony"]


def read_listings(path):
    with open(path, newline="") as fh:
        rows = list(csv.DictReader(fh))
    features = np.array([[float(r[c]) for c in COLUMNS] for r in rows], dtype=np.float32)
    price = np.array([float(r["price_eur"]) / 1e5 for r in rows], dtype=np.float32)
    return features, price


class PriceModel(tf.keras.Model):
    """Huber regression with a hand-made train_step (we log the gradient norm)."""

    def __init__(self, normalizer):
        super().__init__()
        self.normalizer = normalizer
        self.d1 = tf.keras.layers.Dense(64, activation="relu")
        self.d2 = tf.keras.layers.Dense(32, activation="relu")
        self.out = tf.keras.layers.Dense(1)
        self.huber = tf.keras.losses.Huber()
        self.track = {k: tf.keras.metrics.Mean(name=k) for k in ("loss", "gnorm")}

    def call(self, x):
        return tf.squeeze(self.out(self.d2(self.d1(self.normalizer(x)))), -1)

    @property
    def metrics(self):
        return list(self.track.values())

    def train_step(self, batch):
        x, y = batch
        with tf.GradientTape() as tape:
            loss = self.huber(y, self(x, training=True))
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.track["loss"].update_state(loss)
        self.track["gnorm"].update_state(tf.linalg.global_norm(grads))
        return {k: m.result() for k, m in self.track.items()}

    def test_step(self, batch):
        x, y = batch
        self.track["loss"].update_state(self.huber(y, self(x, training=False)))
        return {"loss": self.track["loss"].result()}


def main():
    tf.keras.utils.set_random_seed(19)
    x, y = read_listings(DATA)
    order = np.random.permutation(len(x))
    x, y = x[order], y[order]
    n_test = 300
    x_test, y_test, x_train, y_train = x[:n_test], y[:n_test], x[n_test:], y[n_test:]
    norm = tf.keras.layers.Normalization()
    norm.adapt(x_train)

    m = PriceModel(norm)
    m.compile(optimizer=tf.keras.optimizers.Adam(2e-3))
    h = m.fit(x_train, y_train, validation_data=(x_test, y_test), batch_size=32, epochs=25, verbose=0).history
    for e in (0, 4, 9, 14, 19, 24):
        print(f"epoch {e + 1:2d}  loss {h['loss'][e]:.5g}  val {h['val_loss'][e]:.5g}  |g| {h['gnorm'][e]:.3g}")

    guess = m.predict(x_test, verbose=0)
    rel = np.abs(guess - y_test) / y_test
    r2 = 1 - np.mean((guess - y_test) ** 2) / np.var(y_test)
    print(f"median relative error {np.median(rel):.1%}   R2 {r2:.3f}")


main()
