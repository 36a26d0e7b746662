"""Transformer encoder that writes, under each symbol, how often it occurs in the row.
Rows grow longer in three stages; every row is freshly drawn."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers

SYMBOLS, PAD, MAX_LEN, DIM = 6, 0, 12, 32
keras.utils.set_random_seed(0)


def draw(rng, n, longest):
    length = rng.integers(max(2, longest // 2), longest + 1, n)
    seq = rng.integers(1, SYMBOLS + 1, (n, MAX_LEN))
    real = np.arange(MAX_LEN) < length[:, None]
    seq = np.where(real, seq, PAD)
    count = (seq[:, :, None] == seq[:, None, :]).sum(-1)
    return seq.astype("int32"), np.where(real, count, 0).astype("int32"), real.astype("float32")


class Block(layers.Layer):
    def __init__(self, dim, heads):
        super().__init__()
        self.att = layers.MultiHeadAttention(heads, dim // heads)
        self.n1, self.n2 = layers.LayerNormalization(), layers.LayerNormalization()
        self.ff = keras.Sequential([layers.Dense(4 * dim, activation="relu"), layers.Dense(dim)])

    def call(self, x, key_mask):
        z = self.n1(x)
        x = x + self.att(z, z, attention_mask=key_mask[:, None, :])
        return x + self.ff(self.n2(x))


class Counter(keras.Model):
    def __init__(self):
        super().__init__()
        self.embed = layers.Embedding(SYMBOLS + 2, DIM)
        self.block = Block(DIM, 2)
        self.norm = layers.LayerNormalization()
        self.head = layers.Dense(MAX_LEN + 1)

    def call(self, seq):
        start = tf.fill((tf.shape(seq)[0], 1), SYMBOLS + 1)     # a marker to attend to
        seq = tf.concat([start, seq], 1)
        x = self.block(self.embed(seq), seq != PAD)
        return self.head(self.norm(x))[:, 1:]


model = Counter()
opt = keras.optimizers.Adam(4e-3, clipnorm=1.0)


@tf.function
def train_step(seq, tgt, w):
    with tf.GradientTape() as tape:
        ce = tf.nn.sparse_softmax_cross_entropy_with_logits(tgt, model(seq))
        loss = tf.reduce_sum(ce * w) / tf.reduce_sum(w)
    grads = tape.gradient(loss, model.trainable_variables)
    opt.apply_gradients(zip(grads, model.trainable_variables))
    return loss


def token_accuracy(batch):
    seq, tgt, w = batch
    hit = model(seq).numpy().argmax(-1) == tgt
    return (hit * w).sum() / w.sum()


test = {n: draw(np.random.default_rng(900 + n), 500, n) for n in (4, 8, 12)}
rng = np.random.default_rng(1)
for longest, steps, rate in ((4, 200, 4e-3), (8, 300, 3e-3), (12, 400, 2e-3)):
    opt.learning_rate.assign(rate)
    trace = []
    for s in range(steps):
        if longest == 12 and s == 200:
            opt.learning_rate.assign(5e-4)
        trace.append(float(train_step(*draw(rng, 64, longest))))
    accs = "  ".join(f"len<={n}: {token_accuracy(b):.3f}" for n, b in test.items())
    print(f"stage {longest:2d}: loss {trace[0]:.3f} -> {np.mean(trace[-20:]):.3f}   {accs}")

_, tgt, w = test[12]
freq = np.bincount(tgt[w > 0])
print(f"held-out token accuracy at full length {token_accuracy(test[12]):.3f}, "
      f"most common count {freq.max() / freq.sum():.3f}")
