#!/usr/bin/env python
# coding: utf-8
# Deep Learning course, week 9: a (very) small Transformer encoder.
# Task: 16 tokens, the class is the kind of token that is most frequent in the first half.
# The step-wise schedule is the one of our ResNet exercise (week 7).

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(7)
rng = np.random.default_rng(7)

SEQ, VOCAB, KINDS = 16, 21, 3


def make_data(n):
    kind = rng.integers(0, KINDS, n)
    share = rng.random((n, SEQ)) < np.where(np.arange(SEQ) < SEQ // 2, 0.55, 0.0)
    x = rng.integers(0, VOCAB // KINDS, (n, SEQ)) * KINDS
    x += np.where(share, kind[:, None], rng.integers(0, KINDS, (n, SEQ)))
    y = np.stack([(x[:, :SEQ // 2] % KINDS == k).sum(1) for k in range(KINDS)], 1).argmax(1)
    return x.astype("int32"), y.astype("int32")


x_train, y_train = make_data(3000)
x_val, y_val = make_data(1000)
print("classes:", np.bincount(y_train))


class PositionalEmbedding(layers.Layer):
    def __init__(self, vocab, d_model, length):
        super().__init__()
        self.token = layers.Embedding(vocab, d_model)
        self.pos = layers.Embedding(length, d_model)
        self.length = length

    def call(self, x):
        return self.token(x) + self.pos(tf.range(self.length))


class EncoderLayer(layers.Layer):
    def __init__(self, d_model, heads, dff):
        super().__init__()
        self.mha = layers.MultiHeadAttention(heads, d_model // heads)
        self.ffn = keras.Sequential([layers.Dense(dff, activation="relu"), layers.Dense(d_model)])
        self.ln1 = layers.LayerNormalization()
        self.ln2 = layers.LayerNormalization()

    def call(self, x):
        x = self.ln1(x + self.mha(x, x))
        return self.ln2(x + self.ffn(x))


d_model = 32
inputs = keras.Input((SEQ,), dtype="int32")
h = PositionalEmbedding(VOCAB, d_model, SEQ)(inputs)
h = EncoderLayer(d_model, 2, 64)(h)
h = layers.GlobalAveragePooling1D()(h)
outputs = layers.Dense(KINDS, activation="softmax")(h)
model = keras.Model(inputs, outputs)

learning_rate = keras.optimizers.schedules.PiecewiseConstantDecay(
    boundaries=[180, 240],
    values=[0.1, 0.05, 0.01],  # expect: lr-too-high
)
optimizer = keras.optimizers.Adam(learning_rate)  # expect-or: lr-too-high
model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=64, epochs=6, validation_data=(x_val, y_val), verbose=2)
loss, acc = model.evaluate(x_val, y_val, verbose=0)
print("validation accuracy: %.4f" % acc)
