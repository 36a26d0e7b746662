# Person identification from single heartbeats: embedding + semi-hard triplet loss.
# 60 people, so I pick the batches at random and let the loss find the pairs.
import math

import numpy as np
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(21)
rs = np.random.RandomState(21)

PEOPLE, BEATS, LENGTH = 60, 16, 64
BATCH = 12
MARGIN = 0.4


def record_people():
    t = np.linspace(0, 1, LENGTH)
    beats, who = [], []
    for person in range(PEOPLE):
        centre = np.array([.22, .42, .47, .53, .75]) + rs.normal(0, .025, 5)
        width = np.array([.035, .012, .016, .014, .055]) * rs.uniform(.7, 1.4, 5)
        height = np.array([.15, -.12, 1.0, -.25, .3]) * rs.uniform(.5, 1.6, 5)
        for _ in range(BEATS):
            c = centre + rs.normal(0, .006) + rs.normal(0, .003, 5)
            h = height * (1 + rs.normal(0, .05, 5))
            wave = sum(h[k] * np.exp(-.5 * ((t - c[k]) / width[k]) ** 2) for k in range(5))
            beats.append(wave + rs.normal(0, .025, LENGTH))
            who.append(person)
    return np.array(beats, np.float32)[..., None], np.array(who, np.int32)


def pairwise(a):
    sq = tf.reduce_sum(a * a, axis=1)
    d = sq[:, None] - 2.0 * tf.matmul(a, a, transpose_b=True) + sq[None, :]
    return tf.maximum(d, 0.0)


def triplet_loss(labels, emb):
    dist = pairwise(emb)
    same = tf.cast(labels[:, None] == labels[None, :], tf.float32)
    other = 1.0 - same
    same = same - tf.eye(tf.shape(labels)[0])
    num_positives = tf.reduce_sum(same)
    # loss_mat[i, j]: anchor i, positive j, all the negatives k that break the margin
    gap = dist[:, :, None] - dist[:, None, :] + MARGIN
    gap = tf.maximum(gap, 0.0) * other[:, None, :]
    loss_mat = tf.reduce_max(gap, axis=2)
    return tf.reduce_sum(loss_mat * same) / tf.maximum(num_positives, 1.0)


class Recogniser(keras.Model):
    def __init__(self):
        super().__init__()
        self.net = keras.Sequential([
            keras.layers.Conv1D(16, 7, strides=2, activation='relu'),
            keras.layers.Conv1D(32, 5, strides=2, activation='relu'),
            keras.layers.Flatten(),
            keras.layers.Dense(32),
            keras.layers.UnitNormalization(),
        ])
        self.mean_loss = keras.metrics.Mean(name='loss')

    def call(self, x):
        return self.net(x)

    @property
    def metrics(self):
        return [self.mean_loss]

    def train_step(self, data):
        x, who = data
        with tf.GradientTape() as tape:
            loss = triplet_loss(who, self(x, training=True))
        w = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, w), w))
        self.mean_loss.update_state(loss)
        return {'loss': self.mean_loss.result()}


beats, who = record_people()
known = np.arange(len(who)) % BEATS < 12          # 12 beats to learn, 4 to test

model = Recogniser()
model.compile(optimizer=keras.optimizers.Adam(2e-3))
model.fit(beats[known], who[known], batch_size=BATCH, epochs=10, verbose=2)

gallery, probe = model.predict(beats[known], verbose=0), model.predict(beats[~known], verbose=0)
nearest = np.argmin(((probe[:, None, :] - gallery[None]) ** 2).sum(-1), axis=1)
print('rank-1 identification: %.3f' % np.mean(who[known][nearest] == who[~known]))
