"""Small transformer encoder that flags urgent support tickets (synthetic token ids)."""
import keras
import numpy as np
from keras import layers, ops

keras.utils.set_random_seed(21)

PAD, CLS = 0, 1
VOCAB, MAXLEN, DIM = 60, 16, 24
URGENT = set(range(2, 8))
CALM = set(range(8, 14))


def make_corpus(n, seed):
    rng = np.random.default_rng(seed)
    ids = np.full((n, MAXLEN), PAD, dtype="int32")
    lab = np.zeros(n, dtype="int32")
    for i in range(n):
        length = rng.integers(6, MAXLEN - 2)
        words = rng.integers(14, VOCAB, length)
        lab[i] = rng.integers(0, 2)
        marker = list(URGENT if lab[i] else CALM)
        for pos in rng.choice(length, 2, replace=False):
            words[pos] = rng.choice(marker)
        ids[i, 0] = CLS
        ids[i, 1:length + 1] = words
    return ids, lab


class TokenEmbedding(layers.Layer):
    def __init__(self, vocab, maxlen, dim):
        super().__init__()
        self.tok = layers.Embedding(vocab, dim)
        self.pos = layers.Embedding(maxlen, dim)

    def call(self, ids):
        return self.tok(ids) + self.pos(ops.arange(ids.shape[-1]))


class Block(layers.Layer):
    def __init__(self, dim, heads):
        super().__init__()
        self.att = layers.MultiHeadAttention(heads, dim // heads)
        self.n1 = layers.LayerNormalization()
        self.n2 = layers.LayerNormalization()
        self.ff1 = layers.Dense(2 * dim, activation="relu")
        self.ff2 = layers.Dense(dim)

    def call(self, x, mask):
        h = self.att(x, x, attention_mask=mask[:, None, :])
        x = self.n1(x + h)
        return self.n2(x + self.ff2(self.ff1(x)))


class PadMask(layers.Layer):
    """Boolean (batch, length), handed to the attention of every block."""

    def call(self, ids):
        return ops.equal(ids, PAD)  # expect: degenerate-feature


inp = keras.Input((MAXLEN,), dtype="int32")
mask = PadMask()(inp)
h = TokenEmbedding(VOCAB, MAXLEN, DIM)(inp)
h = Block(DIM, 2)(h, mask)  # expect-or: degenerate-feature
h = Block(DIM, 2)(h, mask)
cls = h[:, 0]
out = layers.Dense(1, activation="sigmoid")(cls)
clf = keras.Model(inp, out)

xa, ya = make_corpus(1600, 0)
xb, yb = make_corpus(400, 1)
clf.compile(keras.optimizers.Adam(2e-3), "binary_crossentropy", metrics=["accuracy"])
clf.fit(xa, ya, validation_data=(xb, yb), epochs=5, batch_size=64, verbose=2)
print("dev accuracy", round(clf.evaluate(xb, yb, verbose=0)[1], 3))
