"""Input pipeline: ids -> images -> augmented images, joined with the labels."""
import numpy as np
import tensorflow as tf

AUTOTUNE = tf.data.AUTOTUNE


class DigitStore:
    """Stands in for the image folder: load(id) gives one image."""

    def __init__(self, path):
        with np.load(path) as z:
            self.images = z["images"][:1200]
            self.labels = z["labels"][:1200].astype("int64")
            self.test_images = z["test_images"]
            self.test_labels = z["test_labels"].astype("int64")
        self._table = tf.constant(self.images)

    def __len__(self):
        return len(self.images)

    def load(self, idx):
        img = tf.gather(self._table, idx)
        return tf.cast(img, tf.float32)[..., None] / 255.0

    def label_of(self, idx):
        return tf.gather(tf.constant(self.labels), idx)


def jitter(img):
    img = tf.pad(img, [[2, 2], [2, 2], [0, 0]])
    return tf.image.random_crop(img, (28, 28, 1))


def make_train(store, batch_size):
    ids = tf.data.Dataset.range(len(store))
    ids = ids.shuffle(len(store))  # expect: label-mismatch  # expect-or: pipeline-order
    labels = ids.map(store.label_of)  # expect-or: label-mismatch
    loaded = ids.map(store.load)
    transformed = loaded.map(jitter)
    labeled = tf.data.Dataset.zip((transformed, labels))  # expect-or: label-mismatch
    return labeled.batch(batch_size).prefetch(AUTOTUNE)


def make_test(store, batch_size):
    x = store.test_images.astype("float32")[..., None] / 255.0
    return tf.data.Dataset.from_tensor_slices((x, store.test_labels)).batch(batch_size)
