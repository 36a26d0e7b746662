"""Relative hazard network and the Cox partial likelihood."""
import tensorflow as tf


class HazardNet(tf.keras.Model):
    def __init__(self, widths):
        super().__init__()
        self.hidden = [tf.keras.layers.Dense(w, activation="selu", kernel_initializer="lecun_normal")
                       for w in widths]
        self.out = tf.keras.layers.Dense(1, use_bias=False)

    def call(self, z):
        for layer in self.hidden:
            z = layer(z)
        return tf.squeeze(self.out(z), axis=-1)


def cox_objective(log_hazard, event):
    """Mean over the events of a batch whose rows are sorted by falling time."""
    at_risk = tf.math.cumulative_logsumexp(log_hazard)
    partial = (log_hazard - at_risk) * event
    return -tf.reduce_sum(partial) / tf.maximum(tf.reduce_sum(event), 1.0)


def concordance(log_hazard, time, event):
    """Harrell's C."""
    earlier = (time[:, None] < time[None, :]) & (event[:, None] > 0)
    diff = log_hazard[:, None] - log_hazard[None, :]
    good = (diff[earlier] > 0).sum() + 0.5 * (diff[earlier] == 0).sum()
    return good / earlier.sum()
