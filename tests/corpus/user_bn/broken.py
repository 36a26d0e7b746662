"""HAR-residual: residual MLP on window features, evaluated per recording."""
import argparse
import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from data import load_windows, recordings


class ResidualBlock(layers.Layer):
    def __init__(self, width, dropout, **kwargs):
        super().__init__(**kwargs)
        self.fc1 = layers.Dense(width, use_bias=False)
        self.bn1 = layers.BatchNormalization(momentum=0.9)
        self.fc2 = layers.Dense(width, use_bias=False)
        self.bn2 = layers.BatchNormalization(momentum=0.9)
        self.drop = layers.Dropout(dropout)

    def call(self, x, training=True):  # expect-or: train-mode
        h = tf.nn.relu(self.bn1(self.fc1(x), training=training))
        h = self.drop(h, training=training)
        h = self.bn2(self.fc2(h), training=training)
        return tf.nn.relu(x + h)


class HARNet(keras.Model):
    def __init__(self, width, depth, n_act, dropout):
        super().__init__()
        self.stem = layers.Dense(width)
        self.norm = layers.BatchNormalization(momentum=0.9)
        self.blocks = [ResidualBlock(width, dropout) for _ in range(depth)]
        self.head = layers.Dense(n_act)

    def call(self, x, training=True):  # expect-or: train-mode
        x = tf.nn.relu(self.norm(self.stem(x), training=training))
        for block in self.blocks:
            x = block(x, training=training)
        return self.head(x)


def evaluate(model, data):
    hit = n = 0
    for user, act, windows in recordings(*data):
        logits = model(windows)  # expect: train-mode
        hit += int((np.argmax(logits, axis=1) == act).sum())
        n += len(windows)
    return hit / n


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--width", type=int, default=48)
    ap.add_argument("--depth", type=int, default=2)
    ap.add_argument("--dropout", type=float, default=0.2)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--epochs", type=int, default=10)
    ap.add_argument("--out", default="runs/last.json")
    args = ap.parse_args()
    keras.utils.set_random_seed(0)

    train, test = load_windows()
    model = HARNet(args.width, args.depth, 6, args.dropout)
    optimizer = keras.optimizers.Adam(args.lr)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    ds = tf.data.Dataset.from_tensor_slices(train[:2]).shuffle(3000).batch(64, drop_remainder=True)
    model.build((None, train[0].shape[1]))

    @tf.function
    def train_step(x, y):
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss = loss_fn(y, logits)
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
        hits = tf.reduce_mean(tf.cast(tf.argmax(logits, 1, output_type=tf.int32) == y, tf.float32))
        return loss, hits

    history = []
    for epoch in range(args.epochs):
        logs = np.mean([[float(v) for v in train_step(x, y)] for x, y in ds], axis=0)
        history.append(logs.tolist())
        print(f"epoch {epoch + 1}/{args.epochs} loss {logs[0]:.4f} train acc {logs[1]:.4f}")

    acc = evaluate(model, test)
    Path(args.out).parent.mkdir(exist_ok=True)
    Path(args.out).write_text(json.dumps({"history": history, "test_acc": acc}))
    print(f"test accuracy on unseen users: {acc:.4f}")


if __name__ == "__main__":
    main()
