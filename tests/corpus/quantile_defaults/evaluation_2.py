import keras
import tensorflow as tf


def interval_coverage(y, q):
    return tf.reduce_mean(tf.cast((y >= q[:, :, 0]) & (y <= q[:, :, 2]), tf.float32))


def validate(model, ds, mae=keras.metrics.MeanAbsoluteError(), cover=keras.metrics.Mean()):
    """Error of the median and share of hours inside the 10..90 % band."""
    mae.reset_state(), cover.reset_state()
    for past, future in ds:
        q = model(past, training=False)
        mae.update_state(future, q[:, :, 1])
        cover.update_state(interval_coverage(future, q))
    return float(mae.result()), float(cover.result())
