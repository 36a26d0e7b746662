import keras
from keras import layers, ops


class AttentionPool(layers.Layer):
    """One learned query per head, weighted mean over the tokens."""

    def __init__(self, heads, **kw):
        super().__init__(**kw)
        self.score = layers.Dense(heads)

    def call(self, h):
        a = ops.softmax(self.score(h), axis=1)
        pooled = ops.einsum("bth,btd->bhd", a, h)
        return ops.reshape(pooled, (-1, a.shape[-1] * h.shape[-1]))


class Tagger(keras.Model):
    def __init__(self, vocab, dim, heads, n_tags):
        super().__init__()
        self.embed = layers.Embedding(vocab, dim)
        self.pool = AttentionPool(heads)
        self.hidden = layers.Dense(64, activation="relu")
        self.logits = layers.Dense(n_tags)

    def call(self, tokens):
        return self.logits(self.hidden(self.pool(self.embed(tokens))))
