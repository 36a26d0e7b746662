"""Siamese network, loss and val_loss NAN after some steps. Already checked: no nan in the images"""
import itertools
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from tensorflow import keras
from tensorflow.keras.layers import Input, Dense, Flatten, Lambda, Dropout, Conv2D
# from tensorflow.keras.optimizers import RMSprop

keras.utils.set_random_seed(1)
digits = load_digits()
imgs = (digits.images / 16.0).astype("float32")[..., None]
order = np.random.permutation(len(imgs))
imgs, labels = imgs[order], digits.target[order]
tr_x, tr_y, te_x, te_y = imgs[:1300], labels[:1300], imgs[1300:], labels[1300:]
assert not np.isnan(imgs).any()


def make_pairs(x, y, n, seed):
    r = np.random.RandomState(seed)
    idx = [np.where(y == c)[0] for c in range(10)]
    a, b, same = [], [], []
    for _ in range(n // 2):
        c = r.randint(10)
        a.append(r.choice(idx[c])); b.append(r.choice(idx[c])); same.append(1.0)
        d = (c + r.randint(1, 10)) % 10
        a.append(r.choice(idx[c])); b.append(r.choice(idx[d])); same.append(0.0)
    return x[a], x[b], np.array(same, dtype="float32").reshape(-1, 1)


def euclidean_distance(vects):
    u, v = vects
    s = tf.reduce_sum(tf.square(u - v), axis=1, keepdims=True)
    return tf.sqrt(tf.maximum(s, 1e-9))


def contrastive(y_true, d, margin=1.0):
    return tf.reduce_mean(y_true * d + (1 - y_true) * tf.maximum(margin - d, 0.0))


base = keras.Sequential([
    Input((8, 8, 1)),
    Conv2D(16, 3, activation="relu"),
    Flatten(),
    Dense(64, activation="relu"),
    # Dropout(0.1),
    Dense(16),
])
in_a, in_b = Input((8, 8, 1)), Input((8, 8, 1))
dist = Lambda(euclidean_distance, output_shape=(1,))([base(in_a), base(in_b)])
net = keras.Model([in_a, in_b], dist)
net.compile(optimizer=keras.optimizers.Adam(1e-3), loss=contrastive)

A, B, S = make_pairs(tr_x, tr_y, 3000, 0)
VA, VB, VS = make_pairs(te_x, te_y, 800, 1)
net.fit([A, B], S, batch_size=64, epochs=10, validation_data=([VA, VB], VS), verbose=2)

d = net.predict([VA, VB], verbose=0)
print("distances:", d[:6].ravel())
print("pair accuracy:", ((d < 0.5) == (VS > 0.5)).mean())
