import numpy as np, tensorflow as tf
import keras
from keras import layers

keras.utils.set_random_seed(1)
DOCS, FEATS = 16, 10
world = np.random.default_rng(99)
w_rel = world.normal(size=FEATS)


def one_query(r):
    bias = r.normal(0, 1.0, FEATS)               # each query has its own offset
    f = r.normal(size=(DOCS, FEATS))
    s = f @ w_rel + 1.5 * np.abs(f[:, 0]) * f[:, 1] + r.normal(0, 0.4, DOCS)
    rank = s.argsort().argsort()
    rel = np.digitize(rank, [8, 11, 13, 15])      # grades 0..4
    return (f + 0.2 * bias).astype("float32"), rel.astype("float32")


def stream(seed, n):
    def gen():
        r = np.random.default_rng(seed)
        for _ in range(n):
            yield one_query(r)
    return gen


sig = (tf.TensorSpec((DOCS, FEATS), tf.float32), tf.TensorSpec((DOCS,), tf.float32))
train = (tf.data.Dataset.from_generator(stream(0, 800), output_signature=sig)
         .cache().shuffle(800).batch(32).prefetch(2))
valid = tf.data.Dataset.from_generator(stream(1, 150), output_signature=sig).batch(50).cache()


def listnet(y, s):
    """cross-entropy between the top-one distributions of grades and of scores"""
    return -tf.reduce_sum(tf.nn.softmax(y, axis=1) * tf.nn.log_softmax(s, axis=1), axis=1)


def ndcg(y, s, k=5):
    y, s = np.asarray(y), np.asarray(s)
    disc = 1 / np.log2(np.arange(2, k + 2))
    got = np.take_along_axis(y, (-s).argsort(1)[:, :k], 1)
    best = -np.sort(-y, 1)[:, :k]
    return float((((2 ** got - 1) * disc).sum(1) / ((2 ** best - 1) * disc).sum(1)).mean())


class NDCG(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        vals = [ndcg(y, self.model(x, training=False)) for x, y in valid]
        logs["val_ndcg5"] = np.mean(vals)


docs = keras.Input((DOCS, FEATS))
h = layers.Dense(48, activation="gelu")(docs)
h = layers.Dense(24, activation="gelu")(h)
h = layers.Dense(1, use_bias=False)(h)
ranker = keras.Model(docs, layers.Reshape((DOCS,))(h))
ranker.compile(optimizer=keras.optimizers.Adam(3e-3, clipnorm=1.0), loss=listnet)

before = np.mean([ndcg(y, ranker(x)) for x, y in valid])
print("untrained ndcg@5: %.3f" % before)
ranker.fit(train, validation_data=valid, epochs=12, verbose=2, callbacks=[NDCG()])
after = np.mean([ndcg(y, ranker(x)) for x, y in valid])
rand = np.mean([ndcg(y, np.random.default_rng(0).random(y.shape)) for _, y in valid])
print("ndcg@5  random %.3f  before %.3f  after %.3f" % (rand, before, after))
