"""Digits in mixed precision with a focal loss and a custom train_step."""
import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers

EPS = 1e-8


def focal_loss(onehot, probs, gamma):
    """Lin et al. 2017, categorical form, mean over the batch."""
    onehot = tf.cast(onehot, probs.dtype)
    log_p = tf.math.log(probs + EPS)  # expect-or: loss-numerics
    per_class = -onehot * tf.pow(1.0 - probs, gamma) * log_p
    return tf.reduce_mean(tf.cast(tf.reduce_sum(per_class, axis=-1), tf.float32))


class FocalClassifier(keras.Model):
    def __init__(self, *args, gamma=1.0, **kwargs):
        super().__init__(*args, **kwargs)
        self.gamma = gamma
        self.loss_mean = keras.metrics.Mean(name="focal")
        self.acc = keras.metrics.CategoricalAccuracy(name="acc")

    @property
    def metrics(self):
        return [self.loss_mean, self.acc]

    def train_step(self, data):
        images, onehot = data
        with tf.GradientTape() as tape:
            probs = self(images, training=True)
            loss = focal_loss(onehot, probs, self.gamma)
            scaled = self.optimizer.scale_loss(loss)
        grads = tape.gradient(scaled, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.loss_mean.update_state(loss)
        self.acc.update_state(onehot, probs)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        images, onehot = data
        probs = self(images, training=False)
        self.loss_mean.update_state(focal_loss(onehot, probs, self.gamma))
        self.acc.update_state(onehot, probs)
        return {m.name: m.result() for m in self.metrics}


def mlp(hidden, gamma):
    pixels = keras.Input((8, 8), name="pixels")
    h = layers.Flatten()(pixels)
    for width in hidden:
        h = layers.Dense(width, activation="relu", kernel_initializer="he_normal")(h)
    probs = layers.Dense(10, activation="softmax", name="probs")(h)  # expect: loss-numerics
    return FocalClassifier(inputs=pixels, outputs=probs, gamma=gamma)


def prepare(images, labels, batch, training):
    images = images.astype("float32") / 16.0
    onehot = np.eye(10, dtype="float32")[labels]
    ds = tf.data.Dataset.from_tensor_slices((images, onehot))
    if training:
        ds = ds.shuffle(len(images), seed=1)
    return ds.batch(batch, drop_remainder=training).prefetch(tf.data.AUTOTUNE)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--policy", default="mixed_float16")
    ap.add_argument("--epochs", type=int, default=10)
    ap.add_argument("--batch", type=int, default=32)
    ap.add_argument("--gamma", type=float, default=1.0)
    ap.add_argument("--lr", type=float, default=5e-3)
    args = ap.parse_args()

    keras.utils.set_random_seed(1)
    keras.mixed_precision.set_global_policy(args.policy)
    digits = load_digits()
    x, xt, y, yt = train_test_split(digits.images, digits.target, test_size=0.25, random_state=1)
    train, test = prepare(x, y, args.batch, True), prepare(xt, yt, args.batch, False)

    net = mlp((48, 32), args.gamma)
    print("compute dtype:", net.layers[-1].compute_dtype, "| variables:", net.layers[-1].variable_dtype)
    optimizer = keras.optimizers.Adam(args.lr)
    if args.policy == "mixed_float16":
        optimizer = keras.mixed_precision.LossScaleOptimizer(optimizer)
    net.compile(optimizer=optimizer)
    net.fit(train, validation_data=test, epochs=args.epochs, verbose=2)

    focal, acc = net.evaluate(test, verbose=0)
    print(f"test: focal loss {focal:.4f}, accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
