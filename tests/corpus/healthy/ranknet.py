import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from _letor_io import ndcg, per_query, read_queries

EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 5

np.random.seed(14)
tf.random.set_seed(14)

queries = per_query(read_queries(Path(__file__).parent / "letor.txt"))
np.random.shuffle(queries)
train, test = queries[:100], queries[100:]

scorer = tf.keras.Sequential([
    tf.keras.layers.Input(shape=(8,)),
    tf.keras.layers.Dense(24, activation="elu"),
    tf.keras.layers.Dense(1, use_bias=False),   # scores are only compared, a bias would cancel
])
sgd = tf.keras.optimizers.SGD(0.03, momentum=0.9, nesterov=True)


def ranknet_loss(s, g):
    """Each pair (i better than j) within the query: log(1 + exp(s_j - s_i))."""
    ds = s[:, None] - s[None, :]
    better = tf.cast(g[:, None] > g[None, :], tf.float32)
    weight = better * tf.abs(g[:, None] - g[None, :])
    return tf.reduce_sum(weight * tf.nn.softplus(-ds)) / tf.reduce_sum(weight)


def mean_ndcg(score):
    return np.nanmean([ndcg(score(X), g) for X, g in test])


def learned(X):
    return tf.squeeze(scorer(X), -1).numpy()


print("untrained      NDCG@5 %.4f" % mean_ndcg(learned))
for epoch in range(EPOCHS):
    running = []
    for i in np.random.permutation(len(train)):
        X, g = train[i]
        if g.max() == g.min():
            continue        # nothing to compare in this query
        with tf.GradientTape() as tape:
            s = tf.squeeze(scorer(X, training=True), axis=1)
            loss = ranknet_loss(s, tf.constant(g))
        grads = tape.gradient(loss, scorer.trainable_weights)
        sgd.apply_gradients(zip(grads, scorer.trainable_weights))
        running.append(loss.numpy())
    sgd.learning_rate.assign(sgd.learning_rate * 0.7)
    print("epoch %d  pair loss %.4f  NDCG@5 %.4f" % (epoch + 1, np.mean(running), mean_ndcg(learned)))

print("random order   NDCG@5 %.4f" % mean_ndcg(lambda X: np.random.rand(len(X))))
print("feature 1      NDCG@5 %.4f" % mean_ndcg(lambda X: X[:, 0]))
print("RankNet        NDCG@5 %.4f" % mean_ndcg(learned))
