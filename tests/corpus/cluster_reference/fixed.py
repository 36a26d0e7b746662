#!/usr/bin/env python
"""Single-node reference run of the cluster training job."""
import json
import logging
import pathlib
import time

import numpy as np
import tensorflow as tf

log = logging.getLogger("bench")
ROOT = pathlib.Path(__file__).resolve().parent


class DatasetReader:
    def __init__(self, cfg):
        self.cfg = cfg
        with np.load(ROOT / cfg["dataset"]) as f:
            self.arrays = {k: f[k] for k in f.files}

    @property
    def num_train(self):
        return len(self.arrays["x_train"])

    def _decode(self, image, label):
        image = tf.cast(tf.reshape(image, (-1, 784)), tf.float32) / 255.0
        return image, tf.cast(label, tf.int32)

    def train(self):
        ds = tf.data.Dataset.from_tensor_slices((self.arrays["x_train"], self.arrays["y_train"]))
        ds = ds.shuffle(self.cfg["shuffle_buffer"])
        ds = ds.batch(self.cfg["global_batch_size"], drop_remainder=True)
        ds = ds.map(self._decode)
        return ds.prefetch(self.cfg["prefetch"])

    def test(self):
        ds = tf.data.Dataset.from_tensor_slices((self.arrays["x_test"], self.arrays["y_test"]))
        return ds.batch(250).map(self._decode)


class TimeHistory(tf.keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.t = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        dt = time.perf_counter() - self.t
        rate = self.params["steps"] * self.model.batch_hint / dt
        log.info("epoch %d: loss %.4f acc %.4f | val_loss %.4f val_acc %.4f | %.0f images/s", epoch + 1,
                 logs["loss"], logs["accuracy"], logs["val_loss"], logs["val_accuracy"], rate)


def build_model(cfg):
    net = tf.keras.Sequential([tf.keras.layers.Input((784,))])
    for width in cfg["layers"]:
        net.add(tf.keras.layers.Dense(width, activation="relu"))
    net.add(tf.keras.layers.Dense(10, activation="softmax"))
    opt = dict(cfg["optimizer"])
    opt = getattr(tf.keras.optimizers, opt.pop("name"))(**opt)
    net.compile(optimizer=opt, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    net.batch_hint = cfg["global_batch_size"]
    return net


def main():
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("absl").setLevel(logging.ERROR)
    cfg = json.loads((ROOT / "train_2.json").read_text())
    tf.keras.utils.set_random_seed(17)
    reader = DatasetReader(cfg)
    log.info("%d training samples, batch %d", reader.num_train, cfg["global_batch_size"])
    model = build_model(cfg)
    model.fit(reader.train(), epochs=cfg["epochs"], validation_data=reader.test(),
              callbacks=[TimeHistory()], verbose=0)
    loss, acc = model.evaluate(reader.test(), verbose=0)
    log.info("final test loss %.4f, accuracy %.2f%%", loss, 100 * acc)


if __name__ == "__main__":
    main()
