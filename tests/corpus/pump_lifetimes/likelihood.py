"""Log-likelihoods for right-censored lifetimes."""
import tensorflow as tf

EPS = 1e-6


def weibull_parameters(raw):
    """Network output -> (scale, shape), both positive."""
    log_scale, log_shape = tf.split(raw, 2, axis=-1)  # expect: loss-shape
    scale = tf.exp(tf.clip_by_value(log_scale, -6.0, 6.0))
    shape = 0.2 + tf.nn.softplus(log_shape)
    return scale, shape


def censored_weibull_nll(times, observed, raw):
    scale, shape = weibull_parameters(raw)
    ratio = (times + EPS) / scale  # expect-or: loss-shape
    log_hazard = tf.math.log(shape) - tf.math.log(scale) + (shape - 1.0) * tf.math.log(ratio)
    cumulative = tf.pow(ratio, shape)
    return -tf.reduce_mean(observed * log_hazard - cumulative)


def median_lifetime(raw):
    scale, shape = weibull_parameters(raw)
    return tf.reshape(scale * tf.pow(tf.math.log(2.0), 1.0 / shape), [-1])
