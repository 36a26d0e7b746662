import pathlib

import tensorflow as tf

FEATURES = {
    "trace": tf.io.FixedLenFeature([64], tf.float32),
    "wave": tf.io.FixedLenFeature([64], tf.int64),
}
DIR = pathlib.Path(__file__).parent


def parse(blob):
    ex = tf.io.parse_example(blob, FEATURES)
    return ex["trace"][..., None], tf.cast(ex["wave"], tf.int32)


def load(split, batch, shuffle):
    ds = tf.data.TFRecordDataset(str(DIR / f"{split}.tfrecord"), compression_type="GZIP")
    if shuffle:
        ds = ds.cache().shuffle(1000, seed=6)
    return ds.batch(batch).map(parse, num_parallel_calls=1)
