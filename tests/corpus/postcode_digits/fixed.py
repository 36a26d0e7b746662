import json
import os
import time

import tensorflow as tf

ROOT = os.path.dirname(os.path.realpath(__file__))
AUTOTUNE = tf.data.AUTOTUNE
SCHEMA = {
    "image": tf.io.FixedLenFeature([], tf.string),
    "digit": tf.io.FixedLenFeature([], tf.int64),
}


class Config(dict):
    __getattr__ = dict.__getitem__

    @classmethod
    def read(cls, path):
        with open(path) as f:
            return cls(json.load(f))


def decode(example):
    row = tf.io.parse_single_example(example, SCHEMA)
    pixels = tf.io.decode_raw(row["image"], tf.uint8)
    pixels = tf.reshape(pixels, (28, 28, 1))
    return tf.cast(pixels, tf.float32) / 255.0, row["digit"]


def reader(split):
    return tf.data.TFRecordDataset(os.path.join(ROOT, split + ".tfrecord.gz"), compression_type="GZIP")


def training_set(cfg):
    ds = reader("train").map(decode, num_parallel_calls=1).cache()
    ds = ds.shuffle(cfg.shuffle_buffer, seed=cfg.seed, reshuffle_each_iteration=True)
    return ds.batch(cfg.batch_size).prefetch(AUTOTUNE)


def evaluation_set(cfg):
    return reader("test").map(decode).batch(100).cache()


def lenet(cfg):
    image = tf.keras.Input((28, 28, 1), name="image")
    h = tf.keras.layers.Conv2D(cfg.filters, 5, strides=2, padding="same", activation="relu")(image)
    h = tf.keras.layers.Conv2D(2 * cfg.filters, 3, strides=2, padding="same", activation="relu")(h)
    h = tf.keras.layers.Flatten()(h)
    h = tf.keras.layers.Dense(64, activation="relu")(h)
    digit = tf.keras.layers.Dense(10, name="digit")(h)
    return tf.keras.Model(image, digit, name="lenet")


def run():
    cfg = Config.read(os.path.join(ROOT, "pipeline_2.json"))
    tf.keras.utils.set_random_seed(cfg.seed)
    model = lenet(cfg)
    model.compile(
        optimizer=tf.keras.optimizers.SGD(cfg.learning_rate, momentum=0.9),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[tf.keras.metrics.SparseCategoricalAccuracy(name="acc")],
    )
    test = evaluation_set(cfg)
    began = time.time()
    model.fit(training_set(cfg), epochs=cfg.epochs, validation_data=test, verbose=2)
    loss, acc = model.evaluate(test, verbose=0)
    print("test loss %.4f  test accuracy %.4f  (%.1f s)" % (loss, acc, time.time() - began))


if __name__ == "__main__":
    run()
