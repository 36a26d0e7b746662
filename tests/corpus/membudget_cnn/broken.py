#!/usr/bin/env python3
import argparse
import math

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


def parse_args():
    ap = argparse.ArgumentParser(description="small CNN for clothing pictures")
    ap.add_argument("--epochs", type=int, default=12)
    ap.add_argument("--lr", type=float, default=1.5e-3)
    ap.add_argument("--mem-kb", type=int, default=128, help="memory for one batch of pictures, in kB")  # expect-or: batch-size
    ap.add_argument("--seed", type=int, default=3)
    return ap.parse_args()


def samples_per_batch(images: np.ndarray, mem_kb: int) -> int:
    """The edge device has little memory: as many pictures as fit into mem_kb."""
    bytes_per_image = images[0].nbytes
    budget = mem_kb * 1024 * 1024  # expect: batch-size
    return max(8, budget // bytes_per_image)  # expect-or: batch-size


def to_float(images):
    return (images.astype("float32") / 255.0)[..., np.newaxis]


def get_datasets(args):
    (x, y), (xt, yt) = tf.keras.datasets.fashion_mnist.load_data()
    x, xt = to_float(x), to_float(xt)
    order = np.random.permutation(len(x))
    x, y = x[order], y[order].astype("int32")
    n_val = len(x) // 10

    bs = samples_per_batch(x, args.mem_kb)  # expect-or: batch-size
    train = tf.data.Dataset.from_tensor_slices((x[n_val:], y[n_val:]))
    train = train.cache().shuffle(len(x) - n_val, seed=args.seed).batch(bs).prefetch(1)  # expect-or: batch-size
    val = tf.data.Dataset.from_tensor_slices((x[:n_val], y[:n_val])).batch(128)
    test = tf.data.Dataset.from_tensor_slices((xt, yt.astype("int32"))).batch(128)
    return train, val, test


def conv_unit(x, filters, stride):
    x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.ReLU()(x)


def get_model():
    inputs = layers.Input(shape=(28, 28, 1))
    x = conv_unit(inputs, 12, 2)
    x = conv_unit(x, 24, 1)
    x = conv_unit(x, 32, 2)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.25)(x)
    outputs = layers.Dense(10, activation="softmax")(x)
    return tf.keras.Model(inputs, outputs)


def main():
    args = parse_args()
    tf.keras.utils.set_random_seed(args.seed)
    train, val, test = get_datasets(args)  # expect-or: batch-size
    model = get_model()
    model.compile(
        optimizer=tf.keras.optimizers.Adam(args.lr),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    hist = model.fit(train, validation_data=val, epochs=args.epochs, verbose=0)  # expect-or: batch-size
    for i in range(args.epochs):
        h = {k: v[i] for k, v in hist.history.items()}
        print(f"[{i + 1:02d}] loss={h['loss']:.3f} acc={h['accuracy']:.3f} "
              f"val_loss={h['val_loss']:.3f} val_acc={h['val_accuracy']:.3f}")
    loss, acc = model.evaluate(test, verbose=0)
    print(f"test: loss={loss:.3f} acc={acc:.3f}")
    if not math.isfinite(loss):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
