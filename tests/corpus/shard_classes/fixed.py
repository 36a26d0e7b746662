"""Surface defect classifier: reads the per-class record files of the labelling tool."""
import logging
import pathlib
import shutil
import time
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
CLASSES = ("clean", "dent", "scratch", "stain", "edge")
SIDE = 16


@dataclass
class Params:
    record_dir: str = "records"
    per_class: int = 320
    batch_size: int = 64
    shuffle_buffer: int = 2000
    epochs: int = 6
    lr: float = 3e-3


def export_records(p):
    """Stand-in for the labelling tool: one TFRecord file per class."""
    rng = np.random.default_rng(0)
    root = pathlib.Path(p.record_dir)
    shutil.rmtree(root, ignore_errors=True)
    yy, xx = np.mgrid[:SIDE, :SIDE]
    for split, n in (("train", p.per_class), ("test", 60)):
        (root / split).mkdir(parents=True)
        for k, name in enumerate(CLASSES):
            with tf.io.TFRecordWriter(str(root / split / f"{name}.tfrecord")) as w:
                for _ in range(n):
                    img = rng.normal(0.5, 0.12, (SIDE, SIDE)) + rng.uniform(-0.1, 0.1)
                    cy, cx = rng.uniform(4, SIDE - 4, 2)
                    d = np.hypot(yy - cy, xx - cx)
                    if name == "dent":
                        img -= 0.35 * np.exp(-(d / 2.2) ** 2)
                    elif name == "stain":
                        img += 0.35 * np.exp(-(d / 2.8) ** 2)
                    elif name == "scratch":
                        img += 0.3 * (np.abs(yy - cy - rng.uniform(-1, 1) * (xx - cx)) < 0.8)
                    elif name == "edge":
                        img += 0.15 * np.sign(xx - cx)
                    raw = (np.clip(img, 0, 1) * 255).astype("uint8")
                    feat = {
                        "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[raw.tobytes()])),
                        "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[k])),
                    }
                    w.write(tf.train.Example(features=tf.train.Features(feature=feat)).SerializeToString())


def parse(record):
    f = tf.io.parse_single_example(record, {
        "image": tf.io.FixedLenFeature([], tf.string),
        "label": tf.io.FixedLenFeature([], tf.int64),
    })
    img = tf.reshape(tf.io.decode_raw(f["image"], tf.uint8), [SIDE, SIDE, 1])
    return tf.cast(img, tf.float32) / 127.5 - 1.0, tf.cast(f["label"], tf.int32)


def input_fn(p, split, training):
    files = [str(f) for f in sorted(pathlib.Path(p.record_dir, split).glob("*.tfrecord"))]
    ds = tf.data.TFRecordDataset(files).map(parse, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        return ds.shuffle(p.shuffle_buffer).batch(p.batch_size).prefetch(tf.data.AUTOTUNE)
    return ds.batch(100)


def make_model():
    L = tf.keras.layers
    return tf.keras.Sequential([
        tf.keras.Input((SIDE, SIDE, 1)),
        L.Conv2D(12, 3, padding="same", use_bias=False), L.BatchNormalization(momentum=0.9), L.ReLU(),
        L.MaxPooling2D(),
        L.Conv2D(24, 3, padding="same", use_bias=False), L.BatchNormalization(momentum=0.9), L.ReLU(),
        L.MaxPooling2D(),
        L.Flatten(), L.Dense(48, use_bias=False), L.BatchNormalization(momentum=0.9), L.ReLU(),
        L.Dense(len(CLASSES)),
    ])


def main():
    tf.keras.utils.set_random_seed(5)
    p = Params()
    export_records(p)
    train_ds, test_ds = input_fn(p, "train", True), input_fn(p, "test", False)
    model = make_model()
    model.compile(
        optimizer=tf.keras.optimizers.Adam(p.lr),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    t0 = time.perf_counter()
    model.fit(train_ds, epochs=p.epochs, validation_data=test_ds, verbose=2)
    logging.info("training took %.1fs", time.perf_counter() - t0)
    res = model.evaluate(test_ds, verbose=0, return_dict=True)
    print("test accuracy {accuracy:.4f} loss {loss:.4f}".format(**res))


if __name__ == "__main__":
    main()
