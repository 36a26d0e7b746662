import random
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

# "7 mar 1998" -> "1998-03-07", character by character, GRU encoder/decoder, teacher forcing
random.seed(4); tf.keras.utils.set_random_seed(4)
MON = "jan feb mar apr may jun jul aug sep oct nov dec".split()
PAD, GO = "_", ">"


def pair():
    d, m, y = random.randint(1, 28), random.randint(1, 12), random.randint(1970, 2029)
    return f"{d} {MON[m-1]} {y}".ljust(11, PAD), f"{y:04d}-{m:02d}-{d:02d}"


pairs = list({pair() for _ in range(4000)})
src = sorted(set("".join(p[0] for p in pairs)))
dst = sorted(set("".join(p[1] for p in pairs)) | {GO})
si = {c: i for i, c in enumerate(src)}
di = {c: i for i, c in enumerate(dst)}
random.shuffle(pairs)
A = np.array([[si[c] for c in p[0]] for p in pairs])
B = np.array([[di[c] for c in GO + p[1]] for p in pairs])
dec_in, dec_out = B[:, :-1], B[:, 1:]
k = len(pairs) - 400

U = 64
e_in = layers.Input((11,), dtype="int32")
e_seq, f1, f2 = layers.Bidirectional(layers.GRU(U // 2, return_sequences=True, return_state=True))(layers.Embedding(len(src), 16)(e_in))
state = layers.Concatenate()([f1, f2])
d_in = layers.Input((10,), dtype="int32")
d_seq = layers.GRU(U, return_sequences=True)(layers.Embedding(len(dst), 16)(d_in), initial_state=state)
ctx = layers.Attention()([d_seq, e_seq])
out = layers.Dense(len(dst), activation="softmax")(layers.Concatenate()([d_seq, ctx]))
s2s = tf.keras.Model([e_in, d_in], out)
s2s.compile(tf.keras.optimizers.Adam(6e-3, clipnorm=1.0), "sparse_categorical_crossentropy", metrics=["accuracy"])
s2s.fit([A[:k], dec_in[:k]], dec_out[:k], batch_size=64, epochs=3, verbose=2,
        validation_data=([A[k:], dec_in[k:]], dec_out[k:]))

# free running
tok = np.full((400, 10), di[GO])
fn = tf.function(lambda a, b: s2s([a, b], training=False))
for t in range(10):
    nxt = fn(A[k:].astype("int32"), tok.astype("int32")).numpy()[:, t].argmax(-1)
    if t < 9:
        tok[:, t + 1] = nxt
pred = np.concatenate([tok[:, 1:], nxt[:, None]], 1)
print("whole dates right, no teacher:", (pred == dec_out[k:]).all(1).mean())
