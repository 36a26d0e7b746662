import tensorflow as tf


class AttentionPool(tf.keras.layers.Layer):
    """Additive attention over positions, padding excluded."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.supports_masking = True

    def build(self, input_shape):
        d = input_shape[-1]
        self.w = self.add_weight(name="w", shape=(d, self.units),
                                 initializer="glorot_uniform")
        self.v = self.add_weight(name="v", shape=(self.units, 1),
                                 initializer="glorot_uniform")

    def call(self, x, mask=None):
        score = tf.squeeze(tf.matmul(tf.tanh(tf.matmul(x, self.w)), self.v), -1)
        if mask is not None:
            score += (1.0 - tf.cast(mask, score.dtype)) * -1e9
        alpha = tf.nn.softmax(score, axis=-1)
        return tf.einsum("bt,btd->bd", alpha, x)

    def compute_mask(self, inputs, mask=None):
        return None
