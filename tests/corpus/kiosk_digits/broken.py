"""Trains the reader of the ticket kiosk; the kiosk sees one digit at a time."""
import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

from blocks import ResidualMLP


def datasets(seed, batch):
    digits = load_digits()
    order = np.random.default_rng(seed).permutation(len(digits.target))
    x = digits.data[order].astype("float32") / 16.0
    y = digits.target[order].astype("int32")
    cut = len(x) - 120
    train = (tf.data.Dataset.from_tensor_slices((x[:cut], y[:cut]))
             .shuffle(cut, seed=seed)
             .batch(batch, drop_remainder=True)
             .prefetch(tf.data.AUTOTUNE))
    kiosk = tf.data.Dataset.from_tensor_slices((x[cut:], y[cut:])).batch(1)
    return train, kiosk


def network(width=48, depth=2):
    pixels = keras.Input((64,), name="pixels")
    h = keras.layers.Dense(width, name="stem")(pixels)
    for i in range(depth):
        h = ResidualMLP(width, name=f"block{i}")(h)
    return keras.Model(pixels, keras.layers.Dense(10, name="digit")(h))


class ShortReport(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        parts = "  ".join(f"{k} {v:.4f}" for k, v in logs.items())
        print(f"{epoch + 1:02d} | {parts}")


if __name__ == "__main__":
    keras.utils.set_random_seed(77)
    train, kiosk = datasets(seed=77, batch=64)
    model = network()
    model.compile(
        keras.optimizers.AdamW(2e-3, weight_decay=1e-4),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc")],
    )
    print("parameters:", model.count_params())
    model.fit(train, validation_data=kiosk, epochs=6, verbose=0, callbacks=[ShortReport()])
