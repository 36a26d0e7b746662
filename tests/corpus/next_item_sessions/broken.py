"""Session-based next-item recommender: GRU over clicked items, tied item table."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers

keras.utils.set_random_seed(11)

N_ITEMS, LENGTH, DIM = 120, 8, 32


def simulate_sessions(n, rng):
    """Shoppers walk along a sparse random transition graph."""
    follow = np.stack([rng.choice(N_ITEMS, 3, replace=False) for _ in range(N_ITEMS)])
    clicks = np.empty((n, LENGTH + 1), "int32")
    clicks[:, 0] = rng.integers(N_ITEMS, size=n)
    for t in range(LENGTH):
        branch = rng.choice(3, size=n, p=[0.8, 0.15, 0.05])
        clicks[:, t + 1] = follow[clicks[:, t], branch]
    return clicks[:, :-1], clicks[:, -1]


class SessionRecommender(keras.Model):
    def __init__(self, n_items, dim, **kw):
        super().__init__(**kw)
        self.items = layers.Embedding(n_items, dim)
        self.rnn = layers.GRU(dim)
        self.project = layers.Dense(dim)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.hit = keras.metrics.SparseTopKCategoricalAccuracy(k=3, name="hit@3")

    @property
    def metrics(self):
        return [self.loss_tracker, self.hit]

    def call(self, clicks):
        taste = self.project(self.rnn(self.items(clicks)))
        return tf.matmul(taste, self.items.embeddings, transpose_b=True)

    def measure(self, target, scores):
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(target, scores))  # expect: loss-logits
        self.loss_tracker.update_state(loss)
        self.hit.update_state(target, scores)
        return loss

    def train_step(self, data):
        clicks, target = data
        with tf.GradientTape() as tape:
            loss = self.measure(target, self(clicks, training=True))
        variables = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        clicks, target = data
        self.measure(target, self(clicks, training=False))
        return {m.name: m.result() for m in self.metrics}


rng = np.random.default_rng(11)
clicks, target = simulate_sessions(7000, rng)
model = SessionRecommender(N_ITEMS, DIM)
model.compile(optimizer=keras.optimizers.Adam(3e-3))
model.fit(clicks[:6000], target[:6000], batch_size=64, epochs=8,
          validation_data=(clicks[6000:], target[6000:]), verbose=2)
print("popularity baseline hit@3: %.3f" % np.isin(
    target[6000:], np.argsort(np.bincount(target[:6000], minlength=N_ITEMS))[-3:]).mean())
