# Antimicrobial peptide screening: residues -> embedding -> conv -> attention -> active / inactive
import os

import tensorflow as tf

from layers import AttentionPool

here = os.path.dirname(os.path.abspath(__file__))
MAXLEN = 32
tf.keras.utils.set_random_seed(1234)


def read_table(path):
    seqs, ys = [], []
    with open(path) as f:
        next(f)
        for line in f:
            s, y = line.rstrip("\n").split("\t")
            seqs.append(s)
            ys.append(float(y))
    return seqs, ys


def residue_index(path):
    with open(path) as f:
        return {tok.strip(): i for i, tok in enumerate(f)}


index = residue_index(os.path.join(here, "residues_2.txt"))
seqs, ys = read_table(os.path.join(here, "peptides.tsv"))
n_train = int(0.8 * len(seqs))


def examples(start, stop):
    def gen():
        for s, y in zip(seqs[start:stop], ys[start:stop]):
            yield [index.get(ch, index["<unk>"]) for ch in s], y
    return gen


def pipeline(start, stop, training):
    ds = tf.data.Dataset.from_generator(
        examples(start, stop),
        output_signature=(tf.TensorSpec([None], tf.int32), tf.TensorSpec([], tf.float32)))
    ds = ds.cache()
    if training:
        ds = ds.shuffle(stop - start, seed=9)
    return ds.padded_batch(32, padded_shapes=([MAXLEN], [])).prefetch(1)


train_ds = pipeline(0, n_train, True)
valid_ds = pipeline(n_train, len(seqs), False)

tokens = tf.keras.Input((MAXLEN,), dtype="int32")
h = tf.keras.layers.Embedding(len(index), 16, mask_zero=True)(tokens)
local = tf.keras.layers.Conv1D(32, 3, padding="same", activation="relu")(h)
pooled = AttentionPool(16)(local, mask=tf.keras.layers.Lambda(
    lambda t: tf.not_equal(t, 0), output_shape=(MAXLEN,))(tokens))
pooled = tf.keras.layers.Dropout(0.3)(pooled)
logit = tf.keras.layers.Dense(1)(pooled)
model = tf.keras.Model(tokens, logit)

model.compile(
    optimizer=tf.keras.optimizers.Adam(3e-3),
    loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0.0, name="acc"),
             tf.keras.metrics.AUC(from_logits=True, name="auc")])

print("peptides:", len(seqs), " alphabet:", len(index), " train:", n_train)
model.fit(train_ds, validation_data=valid_ds, epochs=6, verbose=2)

scores = model.predict(valid_ds, verbose=0).ravel()
top = scores.argsort()[::-1][:5]
print("highest ranked candidates:")
for k in top:
    print(f"  {seqs[n_train + k]:<32s} {scores[k]:+.2f}  active={int(ys[n_train + k])}")
