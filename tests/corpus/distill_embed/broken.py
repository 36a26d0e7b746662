"""Distil the (slow) teacher sentence encoder into a small student.

Teacher vectors are precomputed; the student only sees token ids.
"""
import numpy as np
import keras
from keras import layers, ops

VOCAB, LENGTH, DIM = 120, 12, 24


def corpus(n, seed):
    world = np.random.default_rng(99)
    topics = world.normal(size=(VOCAB, DIM))
    mix = world.normal(size=(DIM, DIM)) / np.sqrt(DIM)
    rng = np.random.default_rng(seed)
    tokens = rng.integers(0, VOCAB, (n, LENGTH))
    teacher = np.tanh(topics[tokens].mean(1) @ mix * 3.0) + rng.normal(0, 0.05, (n, DIM))
    return tokens.astype("int32"), teacher.astype("float32")


class CosineAlignment(layers.Layer):
    """Passes the student vector through and registers the distillation loss."""

    def __init__(self, weight=1.0, **kw):
        super().__init__(**kw)
        self.weight = weight

    def call(self, student, teacher):
        distance = 1.0 - keras.losses.cosine_similarity(teacher, student)  # expect: loss-sign
        self.add_loss(self.weight * ops.mean(distance))  # expect-or: loss-sign
        return student


keras.utils.set_random_seed(17)
tok, vec = keras.Input((LENGTH,), dtype="int32"), keras.Input((DIM,))
h = layers.Embedding(VOCAB, 32)(tok)
h = layers.GlobalAveragePooling1D()(h)
h = layers.Dense(64, activation="relu")(h)
student_out = layers.Dense(DIM)(h)
model = keras.Model([tok, vec], CosineAlignment()(student_out, vec))
model.compile(optimizer=keras.optimizers.Adam(5e-3))

t_tr, v_tr = corpus(3000, 1)
t_te, v_te = corpus(500, 2)
model.fit([t_tr, v_tr], epochs=12, batch_size=64, verbose=2)

encoder = keras.Model(tok, student_out)
s = encoder.predict(t_te, verbose=0)
s /= np.linalg.norm(s, axis=1, keepdims=True)
v = v_te / np.linalg.norm(v_te, axis=1, keepdims=True)
top1 = np.mean((s @ v.T).argmax(1) == np.arange(len(s)))
print("held-out retrieval top-1 %.3f, mean alignment %.3f" % (top1, np.mean((s * v).sum(1))))
