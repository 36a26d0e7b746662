import logging
import os
import sys

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from callbacks_2 import LRScheduler

logging.basicConfig(level=logging.INFO, format="%(name)s %(message)s", stream=sys.stdout)


class ObjectRankingDataset:
    """Sets of objects; the order comes from a hidden non-linear utility."""

    def __init__(self, n_instances, n_objects=5, n_features=6, random_state=None):
        self.random_state = np.random.RandomState(random_state)
        self.n_objects, self.n_features = n_objects, n_features
        self.X = self.random_state.randn(n_instances, n_objects, n_features).astype("float32")
        x = self.X
        self.utility = 2 * x[..., 0] * x[..., 1] - 1.5 * x[..., 2] * x[..., 3] + np.sin(x[..., 4])

    def pairs(self):
        x1, x2, y = [], [], []
        for i in range(self.n_objects):
            for j in range(i + 1, self.n_objects):
                x1.append(self.X[:, i])
                x2.append(self.X[:, j])
                y.append(self.utility[:, i] > self.utility[:, j])
        return np.concatenate(x1), np.concatenate(x2), np.concatenate(y).astype("float32")


class RankNet:
    def __init__(self, n_features, n_hidden=1, n_units=40, learning_rate=0.018, batch_size=250):
        self.batch_size = batch_size
        self.scorer = tf.keras.Sequential([layers.Input((n_features,))])
        for _ in range(n_hidden):
            self.scorer.add(layers.Dense(n_units, activation="relu"))
        self.scorer.add(layers.Dense(1, use_bias=False))
        a, b = layers.Input((n_features,)), layers.Input((n_features,))
        diff = layers.Subtract()([self.scorer(a), self.scorer(b)])
        self.model = tf.keras.Model([a, b], layers.Activation("sigmoid")(diff))
        self.model.compile(optimizer=tf.keras.optimizers.SGD(learning_rate=learning_rate, momentum=0.5),
                           loss="binary_crossentropy", metrics=["binary_accuracy"])

    def fit(self, data, epochs, callbacks, validation):
        x1, x2, y = data.pairs()
        v1, v2, vy = validation.pairs()
        return self.model.fit([x1, x2], y, batch_size=self.batch_size, epochs=epochs,
                              validation_data=([v1, v2], vy), callbacks=callbacks, verbose=2)

    def predict_scores(self, X):
        n, k, f = X.shape
        return self.scorer.predict(X.reshape(-1, f), verbose=0).reshape(n, k)


def zero_one_rank_loss(utility, scores):
    n, k = utility.shape
    wrong = 0
    for i in range(k):
        for j in range(i + 1, k):
            wrong += np.sum((utility[:, i] > utility[:, j]) != (scores[:, i] > scores[:, j]))
    return wrong / (n * k * (k - 1) / 2)


if __name__ == "__main__":
    tf.keras.utils.set_random_seed(11)
    train = ObjectRankingDataset(500, random_state=1)
    test = ObjectRankingDataset(100, random_state=2)
    ranker = RankNet(n_features=6)
    ranker.fit(train, epochs=60, callbacks=[LRScheduler(epochs_drop=1, drop=0.98, verbose=0)],
               validation=test)
    print("zero-one rank loss on the test sets: %.3f" % zero_one_rank_loss(test.utility, ranker.predict_scores(test.X)))
