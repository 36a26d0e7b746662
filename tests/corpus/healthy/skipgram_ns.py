# word2vec, negative sampling, on a corpus with 8 groups of words that appear together
import numpy as np
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(10)
r = np.random.default_rng(10)
V, GROUPS, NEG = 160, 8, 5
group = r.integers(0, GROUPS, V)
members = [np.flatnonzero(group == g) for g in range(GROUPS)]
centre, context = [], []
for _ in range(1500):
    g = r.integers(GROUPS)
    sent = np.where(r.random(8) < 0.85, r.choice(members[g], 8), r.integers(0, V, 8))
    for i in range(8):
        for j in (i - 1, i + 1):
            if 0 <= j < 8:
                centre.append(sent[i]); context.append(sent[j])
centre, context = np.array(centre, "int32"), np.array(context, "int32")
print("pairs", len(centre))

emb = keras.layers.Embedding(V, 16)
ctx = keras.layers.Embedding(V, 16, embeddings_initializer="zeros")
emb.build(); ctx.build()
opt = keras.optimizers.Adam(5e-3)


@tf.function
def step(c, o):
    n = tf.random.uniform((tf.shape(c)[0], NEG), 0, V, dtype=tf.int32)
    with tf.GradientTape() as tape:
        v = emb(c)
        pos = tf.reduce_sum(v * ctx(o), axis=1)
        neg = tf.einsum("bd,bkd->bk", v, ctx(n))
        loss = -tf.reduce_mean(tf.math.log_sigmoid(pos) + tf.reduce_sum(tf.math.log_sigmoid(-neg), axis=1))
    vs = emb.trainable_variables + ctx.trainable_variables
    opt.apply_gradients(zip(tape.gradient(loss, vs), vs))
    return loss


ds = tf.data.Dataset.from_tensor_slices((centre, context)).shuffle(30000).batch(256)
for epoch in range(10):
    print("epoch", epoch, "loss", np.mean([float(step(c, o)) for c, o in ds]))

e = emb.embeddings.numpy()
e /= np.linalg.norm(e, axis=1, keepdims=True)
s = e @ e.T
np.fill_diagonal(s, -1)
top = np.argsort(-s, axis=1)[:, :5]
print("share of the 5 nearest words that are of the same (never shown) group:", float((group[top] == group[:, None]).mean()))
