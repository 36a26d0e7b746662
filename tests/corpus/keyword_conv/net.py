import tensorflow as tf

L = tf.keras.layers


class ConvExp(tf.keras.Model):
    """conv -> bn -> relu stack on a (time, mel) fingerprint, as in the slim version."""

    def __init__(self, filters, n_words):
        super().__init__()
        self.convs = [L.Conv2D(f, 3, strides=2, padding="same", use_bias=False) for f in filters]
        self.norms = [L.BatchNormalization(momentum=0.9) for _ in filters]
        self.flat = L.Flatten()
        self.fc = L.Dense(32, use_bias=False)
        self.fc_norm = L.BatchNormalization(momentum=0.9)
        self.out = L.Dense(n_words)

    def call(self, x, is_training=False):
        for conv, norm in zip(self.convs, self.norms):
            x = tf.nn.relu(norm(conv(x), training=is_training))
        x = self.fc_norm(self.fc(self.flat(x)), training=is_training)
        return self.out(tf.nn.relu(x))
