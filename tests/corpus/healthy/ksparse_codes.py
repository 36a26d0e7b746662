"""k-sparse autoencoder on the 8x8 digits.

Of 256 ReLU code units only the 12 strongest may speak for one image; the rest are
cut to zero.  After training, a plain logistic regression is fitted on the codes.
"""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

K = 12
CODE = 256

tf.keras.utils.set_random_seed(3)


class TopK(tf.keras.layers.Layer):
    """Keep the k largest activations of every row."""

    def __init__(self, k, **kw):
        super().__init__(**kw)
        self.k = k

    def call(self, h):
        kth = tf.math.top_k(h, k=self.k).values[:, -1:]
        return tf.where(h >= kth, h, tf.zeros_like(h))


class SparseAutoencoder(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.encode_dense = tf.keras.layers.Dense(
            CODE, activation="relu",
            bias_initializer=tf.keras.initializers.Constant(-0.1))
        self.select = TopK(K)
        self.decode = tf.keras.layers.Dense(64)

    def encode(self, x):
        return self.select(self.encode_dense(x))

    def call(self, x):
        return self.decode(self.encode(x))


digits = load_digits()
pixels = (digits.data / 16.0).astype("float32")
pixels -= pixels.mean(axis=0)
x_tr, x_te, y_tr, y_te = train_test_split(
    pixels, digits.target, test_size=0.25, random_state=0, stratify=digits.target)

net = SparseAutoencoder()
net.compile(optimizer=tf.keras.optimizers.Adam(2e-3), loss="mse")
history = net.fit(x_tr, x_tr, epochs=40, batch_size=64, verbose=0,
                  validation_data=(x_te, x_te))

recon = net.predict(x_te, verbose=0)
explained = 1.0 - np.sum((recon - x_te) ** 2) / np.sum((x_te - x_tr.mean(0)) ** 2)

code_tr = net.encode(tf.constant(x_tr)).numpy()
code_te = net.encode(tf.constant(x_te)).numpy()
probe = LogisticRegression(max_iter=2000).fit(code_tr, y_tr)

print(f"loss {history.history['loss'][0]:.4f} -> {history.history['loss'][-1]:.4f}")
print(f"active code units per image: {np.mean(np.sum(code_te > 0, axis=1)):.1f} of {CODE}")
print(f"explained variance (test): {explained:.3f}")
print(f"probe accuracy (test): {probe.score(code_te, y_te):.3f}")
