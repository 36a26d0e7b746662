"""Self-attention with a learning-rate schedule of the script itself."""

import numpy as np
import keras
from keras import layers, ops

keras.utils.set_random_seed(4)
SEQ, VOCAB, DIM, HEADS = 16, 24, 32, 4


class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak, warmup_steps):
        self.peak, self.warmup_steps = peak, warmup_steps

    def __call__(self, step):
        s = ops.cast(step, "float32") + 1.0
        return self.peak * ops.minimum(s / self.warmup_steps, ops.sqrt(self.warmup_steps / s))


class Block(layers.Layer):
    def __init__(self, dim, heads, ff, **kw):
        super().__init__(**kw)
        self.att = layers.MultiHeadAttention(heads, dim // heads)
        self.ffn = keras.Sequential([layers.Dense(ff, activation="gelu"), layers.Dense(dim)])
        self.n1, self.n2 = layers.LayerNormalization(epsilon=1e-6), layers.LayerNormalization(epsilon=1e-6)
        self.drop = layers.Dropout(0.1)

    def call(self, x, training=False):
        x = self.n1(x + self.drop(self.att(x, x), training=training))
        return self.n2(x + self.ffn(x))


class Embed(layers.Layer):
    def __init__(self):
        super().__init__()
        self.tok = layers.Embedding(VOCAB, DIM)
        self.pos = layers.Embedding(SEQ, DIM)

    def call(self, t):
        return self.tok(t) + self.pos(ops.arange(SEQ))


rng = np.random.default_rng(0)
x = rng.integers(4, VOCAB, (1200, SEQ))
y = rng.integers(0, 4, 1200)
for i in range(1200):                        # the class is which marker token occurs, anywhere
    x[i, rng.integers(0, SEQ)] = y[i]

inp = keras.Input((SEQ,), dtype="int32")
z = Block(DIM, HEADS, 64)(Embed()(inp))
z = layers.GlobalAveragePooling1D()(z)
out = layers.Dense(4)(z)
model = keras.Model(inp, out)
model.compile(optimizer=keras.optimizers.Adam(WarmUp(3e-3, 60), beta_2=0.98),
              loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
h = model.fit(x[:1000], y[:1000], validation_data=(x[1000:], y[1000:]), batch_size=32, epochs=2, verbose=0)
for k in h.history:
    print(k, "%.12f" % h.history[k][-1])
