"""Sequence to sequence: '7 march 1984', 'Mar 7, 1984', ... -> '1984-03-07' (teacher forcing, attention)."""
import datetime as dt
import random

import keras
import numpy as np
import tensorflow as tf
from keras import layers

random.seed(3)
keras.utils.set_random_seed(3)

FORMATS = ["%-d %B %Y", "%d %b %Y", "%B %-d, %Y", "%b %d, %Y", "%d.%m.%Y", "%m/%d/%Y"]
SRC_LEN, TGT_LEN = 18, 11
GO, END = "<", ">"

# ---------------------------------------------------------------- corpus
def make_pair():
    day = dt.date(1950, 1, 1) + dt.timedelta(days=random.randrange(75 * 365))
    return day.strftime(random.choice(FORMATS)).lower(), day.isoformat() + END

pairs = [make_pair() for _ in range(5400)]
src_vocab = {c: i + 1 for i, c in enumerate(sorted({c for s, _ in pairs for c in s}))}
tgt_vocab = {c: i for i, c in enumerate(sorted({c for _, t in pairs for c in t}) + [GO])}

def encode(batch):
    src = np.zeros((len(batch), SRC_LEN), "int32")
    dec_in = np.full((len(batch), TGT_LEN), tgt_vocab[GO], "int32")
    dec_out = np.zeros((len(batch), TGT_LEN), "int32")
    for r, (s, t) in enumerate(batch):
        src[r, :len(s)] = [src_vocab[c] for c in s]
        dec_out[r] = [tgt_vocab[c] for c in t]
        dec_in[r, 1:] = dec_out[r, :-1]
    return src, dec_in, dec_out

train_ds = tf.data.Dataset.from_tensor_slices(encode(pairs[:5000])).shuffle(5000, seed=3).batch(100)
valid_ds = tf.data.Dataset.from_tensor_slices(encode(pairs[5000:])).batch(200)

# ----------------------------------------------------------------- model
class Translator(keras.Model):
    def __init__(self, units=64):
        super().__init__()
        self.src_emb = layers.Embedding(len(src_vocab) + 1, units)
        self.src_pos = layers.Embedding(SRC_LEN, units)
        self.enc = [layers.Conv1D(units, 5, padding="same", activation="relu") for _ in range(2)]
        self.tgt_emb = layers.Embedding(len(tgt_vocab), 32)
        self.dec = layers.GRU(units, return_sequences=True, unroll=True)
        self.query = layers.Dense(units)
        self.mix = layers.Dense(units, activation="relu")
        self.out = layers.Dense(len(tgt_vocab))

    def call(self, inputs):
        src, dec_in = inputs
        memory = self.src_emb(src) + self.src_pos(tf.range(SRC_LEN))
        for conv in self.enc:
            memory = memory + conv(memory)
        states = self.dec(self.tgt_emb(dec_in))
        scores = tf.einsum("btd,bsd->bts", self.query(states), memory) / 8.0
        scores += -1e9 * tf.cast(src == 0, tf.float32)[:, None, :]
        context = tf.einsum("bts,bsd->btd", tf.nn.softmax(scores), memory)
        return self.out(self.mix(tf.concat([states, context], -1)))

model = Translator()
optimizer = keras.optimizers.Adam(4e-3)
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
valid_loss = keras.metrics.Mean()
valid_acc = keras.metrics.SparseCategoricalAccuracy()

@tf.function
def train_step(src, dec_in, dec_out):
    with tf.GradientTape() as tape:
        logits = model((src, dec_in), training=True)
        loss = loss_fn(dec_out, logits)
    grads, _ = tf.clip_by_global_norm(tape.gradient(loss, model.trainable_variables), 1.0)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss

@tf.function
def valid_step(src, dec_in, dec_out):
    logits = model((src, dec_in), training=False)
    valid_loss.update_state(loss_fn(dec_out, logits))
    valid_acc.update_state(dec_out, logits)

for epoch in range(4):
    running = [float(train_step(*batch)) for batch in train_ds]
    valid_loss.reset_state()
    valid_acc.reset_state()
    for batch in valid_ds:
        valid_step(*batch)
    print(f"epoch {epoch + 1}: train loss {np.mean(running):.4f}  valid loss {valid_loss.result():.4f}"
          f"  valid character accuracy {valid_acc.result():.3f}")
