"""Two-layer GCN (Kipf & Welling), transductive: one graph, 20 labelled nodes per class.

The graph is a single batch and cannot be shuffled; nodes are ordered by community.
Loss and metrics see only the nodes of the current mask, through sample weights.
"""
import keras
import numpy as np
from keras import layers, ops

SEED = 15
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

CLASSES, PER, WORDS = 4, 150, 40
N = CLASSES * PER
y = np.repeat(np.arange(CLASSES), PER)
p = np.where(y[:, None] == y[None, :], 0.045, 0.006)
upper = np.triu(rng.random((N, N)) < p, 1)
adj = (upper | upper.T).astype("float32")
topic = rng.random((CLASSES, WORDS)) < 0.3
words = (rng.random((N, WORDS)) < np.where(topic[y], 0.2, 0.1)).astype("float32")

a_hat = adj + np.eye(N, dtype="float32")
d = a_hat.sum(1) ** -0.5
a_hat = d[:, None] * a_hat * d[None, :]
x = words / np.maximum(words.sum(1, keepdims=True), 1) * np.sqrt(WORDS)

order = np.concatenate([rng.permutation(np.flatnonzero(y == c)) for c in range(CLASSES)]).reshape(CLASSES, PER)
train_ix, val_ix, test_ix = order[:, :20].ravel(), order[:, 20:50].ravel(), order[:, 50:].ravel()


def mask(ix):
    m = np.zeros(N, "float32")
    m[ix] = 1.0
    return m


class GraphConv(layers.Layer):
    def __init__(self, units, **kw):
        super().__init__(**kw)
        self.lin = layers.Dense(units, kernel_regularizer=keras.regularizers.L2(5e-4))

    def call(self, h, a):
        return ops.matmul(a, self.lin(h))


feat, graph = keras.Input((WORDS,)), keras.Input((N,))
h = layers.Dropout(0.4)(feat)
h = ops.relu(GraphConv(24)(h, graph))
h = layers.Dropout(0.5)(h)
gcn = keras.Model([feat, graph], GraphConv(CLASSES)(h, graph))
gcn.compile(keras.optimizers.Adam(1e-2),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="mean_with_sample_weight"),
            weighted_metrics=["accuracy"])
gcn.fit([x, a_hat], y, sample_weight=mask(train_ix), batch_size=N, shuffle=False, epochs=120,
        validation_data=([x, a_hat], y, mask(val_ix)), validation_batch_size=N, verbose=0,
        callbacks=[keras.callbacks.EarlyStopping("val_loss", patience=25, restore_best_weights=True)])

pred = gcn.predict([x, a_hat], batch_size=N, verbose=0).argmax(1)
print("validation accuracy %.4f" % np.mean(pred[val_ix] == y[val_ix]))
print("test accuracy on %d unlabelled nodes: %.4f (chance %.2f)" % (
    len(test_ix), np.mean(pred[test_ix] == y[test_ix]), 1 / CLASSES))
