import numpy as np
import tensorflow as tf


def load(path):
    with np.load(path) as f:
        return f["train"], f["test"]


def create_input_pipeline(images, batch_size, n_epochs, shape):
    """Batches of float images.

    Parameters
    ----------
    images : np.ndarray, uint8, N x H x W
    batch_size : int
    n_epochs : int
    shape : list, shape of one example after reshaping
    """
    def prep(img):
        img = tf.reshape(tf.cast(img, tf.float32), shape)
        return img / 255.0  # expect-or: input-scale

    ds = tf.data.Dataset.from_tensor_slices(images)
    ds = ds.map(prep).cache().shuffle(len(images)).batch(batch_size, drop_remainder=True)
    return ds.repeat(n_epochs)
