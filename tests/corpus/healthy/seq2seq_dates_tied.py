"""Sequence to sequence: spoken dates to ISO dates, character by character.

    "7 march 1984"  ->  "1984-03-07"

Encoder GRU, decoder GRU with teacher forcing, dot-product attention, one embedding table
shared by encoder, decoder AND the output layer (weight tying). Padding is id 0, masked
in the attention and in the loss.
"""
import datetime as dt
import random

import numpy as np
import tensorflow as tf

random.seed(17)
tf.keras.utils.set_random_seed(17)

MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august",
          "september", "october", "november", "december"]
CHARS = "abcdefghijklmnopqrstuvwxyz0123456789 -"
TO_ID = {c: i + 3 for i, c in enumerate(CHARS)}
PAD, START, END = 0, 1, 2
VOCAB = len(CHARS) + 3


def example():
    d = dt.date(1900, 1, 1) + dt.timedelta(days=random.randrange(47000))
    month = MONTHS[d.month - 1]
    said = random.choice([f"{d.day} {month} {d.year}", f"{month[:3]} {d.day} {d.year}", f"{month} {d.day} {d.year}"])
    return said, d.isoformat()


def encode(text, length):
    ids = [TO_ID[c] for c in text][: length - 1] + [END]
    return ids + [PAD] * (length - len(ids))


pairs = list({example() for _ in range(5000)})
random.shuffle(pairs)
src = np.array([encode(a, 20) for a, _ in pairs], "int32")
dst = np.array([encode(b, 12) for _, b in pairs], "int32")         # 10 characters, END, one PAD
dec_in = np.concatenate([np.full((len(dst), 1), START), dst[:, :-1]], axis=1).astype("int32")
hold = len(pairs) - 300


class Translator(tf.keras.Model):
    def __init__(self, width=96):
        super().__init__()
        self.table = tf.keras.layers.Embedding(VOCAB, width, embeddings_initializer=tf.keras.initializers.RandomNormal(0, width ** -0.5))
        self.encoder = tf.keras.layers.Bidirectional(
            tf.keras.layers.GRU(width // 2, return_sequences=True, return_state=True))
        self.decoder = tf.keras.layers.GRU(width, return_sequences=True)
        self.mix = tf.keras.layers.Dense(width, activation="tanh")
        self.scale = width ** 0.5

    def call(self, inputs):
        source, target = inputs
        real = tf.cast(source != PAD, tf.float32)
        enc, fwd, bwd = self.encoder(self.table(source) * self.scale)
        h = self.decoder(self.table(target) * self.scale, initial_state=tf.concat([fwd, bwd], -1))
        score = tf.matmul(h, enc, transpose_b=True) / self.scale - 1e9 * (1.0 - real)[:, None, :]
        seen = tf.matmul(tf.nn.softmax(score), enc)
        out = self.mix(tf.concat([h, seen], -1))
        return tf.einsum("btd,vd->btv", out, self.table.embeddings)    # tied weights


def masked_loss(y, logits):
    mask = tf.cast(y != PAD, tf.float32)
    ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.cast(y, tf.int32), logits=logits)
    return tf.reduce_sum(ce * mask) / tf.reduce_sum(mask)


def masked_accuracy(y, logits):
    mask = tf.cast(y != PAD, tf.float32)
    right = tf.cast(tf.argmax(logits, -1, output_type=tf.int32) == tf.cast(y, tf.int32), tf.float32)
    return tf.reduce_sum(right * mask) / tf.reduce_sum(mask)


model = Translator()
model.compile(tf.keras.optimizers.Adam(3e-3, clipnorm=1.0), loss=masked_loss, metrics=[masked_accuracy])
h = model.fit([src[:hold], dec_in[:hold]], dst[:hold], batch_size=100, epochs=6, verbose=0,
              validation_data=([src[hold:], dec_in[hold:]], dst[hold:])).history
for e in range(6):
    print(f"epoch {e + 1:2d}: loss {h['loss'][e]:.4f}  val {h['val_loss'][e]:.4f}  val accuracy {h['val_masked_accuracy'][e]:.4f}")

# free running: every character is fed back
tokens = np.full((300, 12), PAD, "int32")
tokens[:, 0] = START
for t in range(11):
    tokens[:, min(t + 1, 11)] = model([src[hold:], tokens]).numpy()[:, t].argmax(-1)
exact = np.mean(np.all(tokens[:, 1:11] == dst[hold:, :10], axis=1))
print(f"whole dates right, free running: {exact:.3f}")
