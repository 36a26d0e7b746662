# encoder-decoder with teacher forcing; the task is to reverse a string of symbols, lengths differ
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(12)
r = np.random.RandomState(12)
SYM, LMAX = 6, 5
PAD, BOS = 0, SYM + 1


def draw(n):
    src = np.zeros((n, LMAX), "int32"); tgt = np.zeros((n, LMAX), "int32")
    for i in range(n):
        k = r.randint(3, LMAX + 1)
        s = r.randint(1, SYM + 1, k)
        src[i, :k] = s; tgt[i, :k] = s[::-1]
    inp = np.concatenate([np.full((n, 1), BOS, "int32"), tgt[:, :-1]], axis=1)
    return src, inp, tgt


src, dec, tgt = draw(4000)
src_t, dec_t, tgt_t = draw(400)

ei, di = keras.Input((LMAX,), dtype="int32"), keras.Input((LMAX,), dtype="int32")
_, state = layers.GRU(64, return_state=True)(layers.Embedding(SYM + 2, 16)(ei))
h = layers.GRU(64, return_sequences=True)(layers.Embedding(SYM + 2, 16)(di), initial_state=state)
logits = layers.Dense(SYM + 1)(h)
model = keras.Model([ei, di], logits)
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), weighted_metrics=[])
w = (tgt != PAD).astype("float32")
model.fit([src, dec], tgt, sample_weight=w, batch_size=128, epochs=13, verbose=2)

# free running
out = np.full((len(src_t), LMAX + 1), BOS, "int32")
for t in range(LMAX):
    z = model([src_t, out[:, :LMAX]], training=False).numpy()[:, t]
    out[:, t + 1] = z.argmax(1)
ok = ((out[:, 1:] == tgt_t) | (tgt_t == PAD)).all(1)
print("exact match without teacher, new strings:", float(ok.mean()))
