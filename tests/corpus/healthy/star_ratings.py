#!/usr/bin/env python
# Ordinal model (proportional odds) for 1-5 star ratings, one shared score and four thresholds.
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(21)
tf.random.set_seed(21)
n, k = 3000, 5
feat = rng.normal(size=(n, 9)).astype(np.float32)
latent = 1.3 * feat[:, 0] - np.abs(feat[:, 1]) * 1.5 + feat[:, 2] * feat[:, 3] + rng.logistic(size=n) * 0.35
edges = np.quantile(latent, [0.08, 0.2, 0.45, 0.75])
stars = np.digitize(latent, edges)                        # 0..4
levels = (stars[:, None] > np.arange(k - 1)).astype(np.float32)

tr, te = slice(0, 2400), slice(2400, n)


class Ordinal(tf.keras.layers.Layer):
    def build(self, shape):
        self.first = self.add_weight(shape=(1,), initializer="zeros", name="first")
        self.gaps = self.add_weight(shape=(k - 2,), initializer="zeros", name="gaps")

    def call(self, score):
        cuts = tf.concat([self.first - 1.0, self.first - 1.0 + tf.cumsum(tf.nn.softplus(self.gaps))], 0)
        return score - cuts


inp = tf.keras.Input((9,))
h = tf.keras.layers.Dense(48, activation="gelu")(inp)
h = tf.keras.layers.Dense(48, activation="gelu")(h)
score = tf.keras.layers.Dense(1, use_bias=False)(h)
m = tf.keras.Model(inp, Ordinal()(score))
m.compile(tf.keras.optimizers.Adam(3e-3), tf.keras.losses.BinaryCrossentropy(from_logits=True))
m.fit(feat[tr], levels[tr], epochs=25, batch_size=64, validation_data=(feat[te], levels[te]), verbose=2)

pred = (m.predict(feat[te], verbose=0) > 0).sum(1)
mode = np.bincount(stars[tr]).argmax()
print("MAE in stars   %.3f   (always the median: %.3f)" % (np.abs(pred - stars[te]).mean(), np.abs(np.median(stars[tr]) - stars[te]).mean()))
print("exact hits     %.3f   (always the mode:   %.3f)" % ((pred == stars[te]).mean(), (mode == stars[te]).mean()))
