import argparse

import numpy as np
import tensorflow as tf

p = argparse.ArgumentParser(description="GRU encoder-decoder: reverse a string of symbols")
p.add_argument("--length", type=int, default=4)
p.add_argument("--units", type=int, default=96)
p.add_argument("--epochs", type=int, default=9)
a = p.parse_args()

tf.keras.utils.set_random_seed(5)
N_SYM = 8
START = N_SYM
N_TOK = N_SYM + 1


def pairs(n, seed):
    r = np.random.default_rng(seed)
    src = r.integers(0, N_SYM, (n, a.length))
    tgt = np.concatenate([np.full((n, 1), START), src[:, ::-1]], axis=1)
    return src.astype("int32"), tgt.astype("int32")


src, tgt = pairs(3000, 0)
src_te, tgt_te = pairs(300, 99)

dec_in = tgt[:, :-1]
dec_out = tgt[:, 1:]

emb_e = tf.keras.layers.Embedding(N_TOK, 24)
emb_d = tf.keras.layers.Embedding(N_TOK, 24)
enc = tf.keras.layers.GRU(a.units, return_state=True)
dec = tf.keras.layers.GRU(a.units, return_sequences=True, return_state=True)
head = tf.keras.layers.Dense(N_SYM)

e_in = tf.keras.Input((a.length,), dtype="int32")
d_in = tf.keras.Input((None,), dtype="int32")
_, state = enc(emb_e(e_in))
seq, _ = dec(emb_d(d_in), initial_state=state)
train_net = tf.keras.Model([e_in, d_in], head(seq))

train_net.compile(
    optimizer=tf.keras.optimizers.Adam(5e-3),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"])
train_net.fit([src, dec_in], dec_out, batch_size=64, epochs=a.epochs, verbose=2)


def translate(batch):
    _, s = enc(emb_e(batch))
    tok = tf.fill([len(batch), 1], START)
    result = []
    for _ in range(a.length):
        o, s = dec(emb_d(tok), initial_state=s)
        tok = tf.argmax(head(o), axis=-1, output_type=tf.int32)
        result.append(tok.numpy()[:, 0])
    return np.stack(result, axis=1)


hyp = translate(src_te)
ref = tgt_te[:, 1:]
for i in range(4):
    print("src", src_te[i], "ref", ref[i], "hyp", hyp[i])
print("token accuracy  %.3f" % np.mean(hyp == ref))
print("exact sequences %.3f" % np.mean((hyp == ref).all(axis=1)))
