"""A Python generator into fit."""

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(1)
BATCH = 64
r = np.random.RandomState(0)
W = r.randn(8)
X = r.randn(2048, 8).astype(np.float32)
Y = (X @ W + 0.3 * r.randn(2048) > 0).astype(np.float32)

def batches(X, Y, size):
    n = len(X)
    rs = np.random.RandomState(11)
    while True:
        idx = rs.permutation(n)
        for i in range(0, n - size + 1, size):
            j = idx[i:i + size]
            yield X[j], Y[j]

def make_model():
    m = tf.keras.models.Sequential()
    m.add(tf.keras.Input(shape=(8,)))
    m.add(tf.keras.layers.Dense(16, activation='relu'))
    m.add(tf.keras.layers.Dropout(0.1))
    m.add(tf.keras.layers.Dense(1, activation='sigmoid'))
    return m

model = make_model()
model.compile('adam', 'binary_crossentropy', metrics=['accuracy', tf.keras.metrics.AUC(name='auc')])
hist = model.fit(batches(X[:1792], Y[:1792], BATCH), steps_per_epoch=28, epochs=2,
                 validation_data=(X[1792:], Y[1792:]), verbose=0)
print({k: round(float(v[-1]), 10) for k, v in hist.history.items()})
print(repr(float(np.sum(np.abs(model.get_weights()[0])))))
