"""Encoder and decoder with attention."""

import numpy as np
import keras
from keras import layers
keras.utils.set_random_seed(10)
rng = np.random.default_rng(10)
T, V = 8, 12
src = rng.integers(1, V, (1500, T))
tgt = src[:, ::-1].copy()                    # reverse the sequence
dec_in = np.concatenate([np.zeros((1500, 1), int), tgt[:, :-1]], axis=1)

enc_inputs = keras.Input((T,), name="source")
dec_inputs = keras.Input((T,), name="target_in")
emb = layers.Embedding(V, 24)
states, sh, sc = None, None, None
enc_seq, sh, sc = layers.LSTM(48, return_sequences=True, return_state=True)(emb(enc_inputs))
dec_seq = layers.LSTM(48, return_sequences=True)(emb(dec_inputs), initial_state=[sh, sc])
context = layers.Attention()([dec_seq, enc_seq])
h = layers.Concatenate()([dec_seq, context])
logits = layers.TimeDistributed(layers.Dense(V))(h)
model = keras.Model([enc_inputs, dec_inputs], logits)
model.compile(keras.optimizers.Adam(1e-2), keras.losses.SparseCategoricalCrossentropy(from_logits=True),
              metrics=[keras.metrics.SparseCategoricalAccuracy(name="token_acc")])
h = model.fit([src, dec_in], tgt, batch_size=50, epochs=2, validation_split=.1, verbose=0)
print("loss %.12f token_acc %.10f val_loss %.12f val %.10f" % tuple(v[-1] for v in h.history.values()))
