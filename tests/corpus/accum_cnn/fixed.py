#!/usr/bin/env python
"""Small CNN on garments with gradient accumulation (for the cards with little memory)."""
import argparse
import sys
import time

import tensorflow as tf


def parse(argv):
    ap = argparse.ArgumentParser()
    ap.add_argument("--micro-batch", type=int, default=32)
    ap.add_argument("--accum", type=int, default=4, help="micro batches per update")
    ap.add_argument("--epochs", type=int, default=8)
    ap.add_argument("--lr", type=float, default=3e-3)
    ap.add_argument("--seed", type=int, default=0)
    return ap.parse_args(argv)


def datasets(args):
    (xa, ya), (xb, yb) = tf.keras.datasets.fashion_mnist.load_data()
    def pictures(a):
        return tf.data.Dataset.from_tensor_slices(a).map(
            lambda im: tf.cast(im, tf.float32)[..., tf.newaxis] / 255.0)
    def pack(x, y):
        return tf.data.Dataset.zip((pictures(x), tf.data.Dataset.from_tensor_slices(y.reshape(-1).astype("int32"))))
    train = pack(xa[:2000], ya[:2000]).cache().shuffle(2000, seed=args.seed)
    train = train.batch(args.micro_batch, drop_remainder=True).prefetch(tf.data.AUTOTUNE)
    return train, pack(xb[:500], yb[:500]).batch(250)


def network():
    k = tf.keras
    return k.Sequential([
        k.Input((28, 28, 1)),
        k.layers.Conv2D(12, 5, strides=2, activation="relu"),
        k.layers.Conv2D(24, 3, strides=2, activation="relu"),
        k.layers.Flatten(),
        k.layers.Dense(10),
    ])


def main(argv=None):
    args = parse(argv)
    tf.keras.utils.set_random_seed(args.seed)
    train, test = datasets(args)
    model = network()
    opt = tf.keras.optimizers.Adam(args.lr)
    opt.build(model.trainable_variables)
    ce = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    bank = [tf.Variable(tf.zeros(v.shape), trainable=False) for v in model.trainable_variables]

    @tf.function
    def micro(x, y):
        with tf.GradientTape() as tape:
            loss = ce(y, model(x, training=True))
        for slot, g in zip(bank, tape.gradient(loss, model.trainable_variables)):
            slot.assign_add(g / args.accum)
        return loss

    @tf.function
    def flush():
        opt.apply_gradients(zip([s.value() for s in bank], model.trainable_variables))
        for slot in bank:
            slot.assign(tf.zeros_like(slot))

    for epoch in range(args.epochs):
        t0, mean = time.time(), tf.keras.metrics.Mean()
        for slot in bank:
            slot.assign(tf.zeros_like(slot))
        for n, (x, y) in enumerate(train, start=1):
            mean.update_state(micro(x, y))
            if n % args.accum == 0:
                flush()
        print(f"epoch {epoch}: {n} micro batches, loss {float(mean.result()):.4f}, {time.time() - t0:.1f}s")

    acc = tf.keras.metrics.SparseCategoricalAccuracy()
    for x, y in test:
        acc.update_state(y, model(x, training=False))
    print(f"test accuracy {float(acc.result()):.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
