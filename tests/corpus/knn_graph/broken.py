import numpy as np
import tensorflow as tf
import keras
from sklearn.datasets import load_digits
from sklearn.neighbors import kneighbors_graph

SEED, NODES, K, LABELLED = 9, 1000, 7, 150


class GraphConv(keras.layers.Layer):
    """Kipf-Welling propagation  act(A_hat X W + b)  with a dense, fixed A_hat."""

    def __init__(self, units, a_hat, activation="relu", **kwargs):  # expect-or: output-activation
        super().__init__(**kwargs)
        self.units = units
        self.a_hat = a_hat
        self.activation = keras.activations.get(activation)  # expect-or: output-activation

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units), initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(self, h):
        return self.activation(tf.matmul(self.a_hat, tf.matmul(h, self.kernel)) + self.bias)  # expect-or: output-activation


class GCN(keras.Model):
    def __init__(self, a_hat, hidden, classes):
        super().__init__()
        self.gc1 = GraphConv(hidden, a_hat)
        self.drop = keras.layers.Dropout(0.3)
        self.gc2 = GraphConv(classes, a_hat)  # expect: output-activation

    def call(self, feats, training=False):
        h = self.gc1(feats)
        h = self.drop(h, training=training)
        return self.gc2(h)  # expect-or: output-activation


def normalised_adjacency(feats):
    a = kneighbors_graph(feats, K, include_self=False).toarray()
    a = np.maximum(a, a.T) + np.eye(len(a))
    d = 1.0 / np.sqrt(a.sum(1))
    return tf.constant((d[:, None] * a * d[None, :]).astype("float32"))


keras.utils.set_random_seed(SEED)
digits = load_digits()
x = (digits.data[:NODES] / 16.0).astype("float32")
y = digits.target[:NODES].astype("int32")

perm = np.random.RandomState(SEED).permutation(NODES)
known, unknown = perm[:LABELLED], perm[LABELLED:]

model = GCN(normalised_adjacency(x), hidden=32, classes=10)
opt = keras.optimizers.Adam(learning_rate=1e-2)
feats = tf.constant(x)
model(feats)
opt.build(model.trainable_variables)


@tf.function
def step():
    with tf.GradientTape() as tape:
        logits = tf.gather(model(feats, training=True), known)
        ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y[known], logits=logits)
        loss = tf.reduce_mean(ce) + 5e-4 * tf.nn.l2_loss(model.gc1.kernel)
    grads = tape.gradient(loss, model.trainable_variables)
    opt.apply_gradients(zip(grads, model.trainable_variables))
    return loss


for n in range(1, 201):
    loss = step()
    if n % 40 == 0:
        guess = tf.argmax(model(feats), axis=1).numpy()
        print(f"step {n:3d}  loss {loss.numpy():.3f}  labelled acc {(guess[known] == y[known]).mean():.3f}")

guess = tf.argmax(model(feats), axis=1).numpy()
print(f"accuracy on unlabelled nodes: {(guess[unknown] == y[unknown]).mean():.3f}")
