"""An embedding and an LSTM with masking."""

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.utils import pad_sequences

tf.keras.utils.set_random_seed(21)
rng = np.random.default_rng(21)
GOOD = np.arange(2, 22); BAD = np.arange(22, 42); FILL = np.arange(42, 200)
seqs, labels = [], []
for i in range(1000):
    lab = int(rng.integers(0, 2))
    ln = int(rng.integers(5, 20))
    words = rng.choice(FILL, ln)
    k = rng.integers(2, 4)
    words[rng.choice(ln, k, replace=False)] = rng.choice(GOOD if lab else BAD, k)
    seqs.append(words.tolist()); labels.append(lab)
x = pad_sequences(seqs, maxlen=20, padding="post")
y = np.array(labels)

inp = layers.Input((20,), dtype="int32")
e = layers.Embedding(200, 16, mask_zero=True)(inp)
h = layers.LSTM(16)(e)
h = layers.Dense(8, activation="relu")(h)
out = layers.Dense(1, activation="sigmoid")(h)
model = tf.keras.Model(inp, out)
model.compile(optimizer=tf.keras.optimizers.Adam(1e-2), loss="binary_crossentropy", metrics=["accuracy"])
h = model.fit(x[:800], y[:800], batch_size=32, epochs=2, validation_data=(x[800:], y[800:]), verbose=0)
for k, v in h.history.items():
    print(k, [float("%.9f" % q) for q in v])
