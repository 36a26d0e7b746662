import tensorflow as tf
from tensorflow.keras import layers


class EncoderBlock(layers.Layer):
    """Pre-norm transformer encoder block."""

    def __init__(self, dim, heads, p=0.1):
        super().__init__()
        self.ln1 = layers.LayerNormalization(epsilon=1e-5)
        self.attn = layers.MultiHeadAttention(heads, dim // heads, dropout=p)
        self.ln2 = layers.LayerNormalization(epsilon=1e-5)
        self.fc1 = layers.Dense(2 * dim, activation="gelu")
        self.fc2 = layers.Dense(dim)
        self.drop = layers.Dropout(p)

    def call(self, x, training=False):
        h = self.ln1(x)
        x = x + self.drop(self.attn(h, h, training=training), training=training)
        h = self.fc2(self.fc1(self.ln2(x)))
        return x + self.drop(h, training=training)


class MotifNet(tf.keras.Model):
    def __init__(self, vocab, length, n_classes, dim=24, heads=2):
        super().__init__()
        self.tok = layers.Embedding(vocab, dim)
        self.pos = layers.Embedding(length, dim)
        self.local = layers.Conv1D(dim, 5, padding="same")
        self.block = EncoderBlock(dim, heads)
        self.pool = layers.GlobalMaxPooling1D()
        self.proj = layers.Dense(32)
        self.bn = layers.BatchNormalization(momentum=0.9)
        self.fc = layers.Dense(n_classes)
        self.idx = tf.range(length)

    def call(self, tokens, training=False):
        x = self.tok(tokens) + self.pos(self.idx)
        x = self.local(x)
        x = self.block(x, training=training)
        x = self.proj(self.pool(x))
        x = tf.nn.relu(self.bn(x, training=training))
        return self.fc(x)
