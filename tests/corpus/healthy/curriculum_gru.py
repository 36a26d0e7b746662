import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

"""
Which of the four "state" tokens came last? Sequences of 3..40 tokens, padded with 0.
Training starts with short sequences and lengthens them stage by stage.
"""
VOCAB = 24            # 0 padding, 1..4 state tokens, 5..23 filler
STAGES = [(3, 6, 6), (8, 14, 4), (20, 40, 4)]
MAXLEN = 40
tf.keras.utils.set_random_seed(13)
rnd = np.random.RandomState(13)


def batch_of_sequences(n, lo, hi, pad_to):
    ids = np.zeros((n, pad_to), dtype="int32")
    label = np.zeros(n, dtype="int32")
    for i in range(n):
        L = rnd.randint(lo, hi + 1)
        seq = rnd.randint(5, VOCAB, L)
        where = np.flatnonzero(rnd.rand(L) < 0.12)
        if len(where) == 0:
            where = np.array([rnd.randint(L)])
        seq[where] = rnd.randint(1, 5, len(where))
        ids[i, :L] = seq
        label[i] = seq[where[-1]] - 1
    return ids, label


def build():
    tokens = layers.Input((None,), dtype="int32")
    e = layers.Embedding(VOCAB, 16, mask_zero=True)(tokens)
    h = layers.GRU(24)(e)
    return tf.keras.Model(tokens, layers.Dense(4)(h))


model = build()
model.compile(
    optimizer=tf.keras.optimizers.Adam(4e-3, clipnorm=1.0),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)

full_test = batch_of_sequences(500, 20, 40, MAXLEN)
for k, (lo, hi, epochs) in enumerate(STAGES, 1):
    x, y = batch_of_sequences(1600, lo, hi, hi)
    xv, yv = batch_of_sequences(500, lo, hi, hi)
    h = model.fit(x, y, validation_data=(xv, yv), batch_size=64, epochs=epochs, verbose=0).history
    full = model.evaluate(*full_test, verbose=0)
    print(f"stage {k} ({lo}-{hi} tokens)")
    for e in range(epochs):
        print(f"   epoch {e + 1:2d} loss {h['loss'][e]:.4f} acc {h['accuracy'][e]:.3f} "
              f"val_loss {h['val_loss'][e]:.4f} val_acc {h['val_accuracy'][e]:.3f}")
    print(f"   end of stage: loss {h['loss'][-1]:.4f} acc {h['accuracy'][-1]:.3f}; 20-40 tokens: acc {full[1]:.3f}")

longer = batch_of_sequences(300, 60, 80, 80)
print("60-80 tokens, never trained: acc %.3f" % model.evaluate(*longer, verbose=0)[1])
