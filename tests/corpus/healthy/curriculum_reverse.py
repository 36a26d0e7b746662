"""Sequence-to-sequence reversal with a curriculum: batches arrive sorted by length and the
loss jumps up whenever the sequences get longer."""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(25)
rng = np.random.default_rng(25)
VOCAB, HIDDEN, BATCH = 6, 64, 64
BOS = VOCAB

emb = keras.layers.Embedding(VOCAB + 1, 24)
enc_cell = keras.layers.GRUCell(HIDDEN)
dec_cell = keras.layers.GRUCell(HIDDEN)
query = keras.layers.Dense(HIDDEN, use_bias=False)
out = keras.layers.Dense(VOCAB, kernel_initializer="zeros")
emb.build((None, None))
enc_cell.build((None, 24))
dec_cell.build((None, 24 + HIDDEN))
query.build((None, HIDDEN))
out.build((None, 2 * HIDDEN))
variables = [v for m in (emb, enc_cell, dec_cell, query, out) for v in m.trainable_variables]
optimizer = keras.optimizers.Adam(5e-3, global_clipnorm=1.0)
optimizer.build(variables)


def unroll(src, target=None):
    """Teacher forcing when the target is given, greedy decoding otherwise."""
    batch, length = src.shape
    state, memory = tf.zeros([batch, HIDDEN]), []
    tokens = emb(src)
    for t in range(length):
        state, _ = enc_cell(tokens[:, t], state)
        memory.append(state)
    memory = tf.stack(memory, axis=1)
    context, previous, logits = tf.zeros([batch, HIDDEN]), tf.fill([batch], BOS), []
    for t in range(length):
        state, _ = dec_cell(tf.concat([emb(previous), context], axis=1), state)
        weights = tf.nn.softmax(tf.einsum("bth,bh->bt", memory, query(state)), axis=1)
        context = tf.einsum("bt,bth->bh", weights, memory)
        logits.append(out(tf.concat([state, context], axis=1)))
        previous = target[:, t] if target is not None else tf.argmax(logits[-1], axis=1, output_type=tf.int32)
    return tf.stack(logits, axis=1)


@tf.function
def train_step(src):
    target = tf.reverse(src, [1])
    with tf.GradientTape() as tape:
        logits = unroll(src, target)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=target, logits=logits))
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss


for length, steps in ((2, 120), (4, 200), (5, 250)):
    losses = []
    for step in range(steps):
        losses.append(float(train_step(tf.constant(rng.integers(VOCAB, size=(BATCH, length)), tf.int32))))
    print(f"length {length}: loss first 10 steps {np.mean(losses[:10]):.3f}, last 10 steps {np.mean(losses[-10:]):.3f}")

for length in (2, 4, 5):
    src = rng.integers(VOCAB, size=(200, length)).astype("int32")
    hyp = unroll(tf.constant(src)).numpy().argmax(-1)
    print(f"length {length}: token accuracy of greedy decoding {np.mean(hyp == src[:, ::-1]):.3f}")
