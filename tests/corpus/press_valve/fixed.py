"""Valve condition classifier. Reads the npz shards of the historian export."""
import glob
import json
import logging
from dataclasses import dataclass, field
from typing import List

import numpy as np
import tensorflow as tf

log = logging.getLogger(__name__)


@dataclass
class Settings:
    shards: str = "shard_*.npz"
    holdout: str = "holdout.npz"
    stats: str = "artifacts/channel_stats_v2.json"
    hidden: List[int] = field(default_factory=lambda: [48, 24])
    learning_rate: float = 2e-3
    batch_size: int = 64
    epochs: int = 15
    checkpoint_dir: str = "ckpt"


class Normaliser:
    def __init__(self, path):
        with open(path) as f:
            doc = json.load(f)
        self.mean = tf.constant(doc["mean"], tf.float32)
        self.std = tf.constant(doc["std"], tf.float32)

    def __call__(self, x, y):
        return (x - self.mean) / self.std, y


def read_shard(path):
    with np.load(path.decode()) as z:
        return z["x"], z["y"]


def make_dataset(pattern, normalise, batch_size, training):
    files = tf.data.Dataset.from_tensor_slices(sorted(glob.glob(pattern)))

    def load(path):
        x, y = tf.numpy_function(read_shard, [path], (tf.float32, tf.int32))
        x.set_shape([None, 6])
        y.set_shape([None])
        return tf.data.Dataset.from_tensor_slices((x, y))

    ds = files.interleave(load, cycle_length=3).map(normalise).cache()
    if training:
        ds = ds.shuffle(4000)
    return ds.batch(batch_size).prefetch(tf.data.AUTOTUNE)


def build_model(s):
    stack = [tf.keras.Input((6,))]
    stack += [tf.keras.layers.Dense(h, activation="relu") for h in s.hidden]
    return tf.keras.Sequential(stack + [tf.keras.layers.Dense(4)])


def train(s):
    tf.keras.utils.set_random_seed(8)
    normalise = Normaliser(s.stats)
    train_ds = make_dataset(s.shards, normalise, s.batch_size, True)
    test_ds = make_dataset(s.holdout, normalise, 256, False)
    model = build_model(s)
    optimizer = tf.keras.optimizers.Adam(s.learning_rate)
    loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    epoch_var = tf.Variable(0, dtype=tf.int64)
    ckpt = tf.train.Checkpoint(model=model, epoch=epoch_var)
    manager = tf.train.CheckpointManager(ckpt, s.checkpoint_dir, max_to_keep=1)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
        return loss

    accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
    for epoch in range(s.epochs):
        mean_loss = tf.keras.metrics.Mean()
        for x, y in train_ds:
            mean_loss.update_state(step(x, y))
        epoch_var.assign_add(1)
        accuracy.reset_state()
        for x, y in test_ds:
            accuracy.update_state(y, model(x, training=False))
        log.info("epoch %02d loss=%.4f holdout_acc=%.4f", epoch, mean_loss.result(), accuracy.result())
    manager.save()
    print("holdout accuracy: %.4f" % float(accuracy.result()))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="[%(levelname).1s] %(message)s")
    train(Settings())
