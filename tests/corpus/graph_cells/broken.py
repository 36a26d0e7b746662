"""Cell-type annotation on a k-NN style interaction graph with a hand-written GCN."""
import numpy as np
import tensorflow as tf

CELL_TYPES = 4
GENES = 32


def interaction_graph(n=600, seed=8):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, CELL_TYPES, n)
    same = kind[:, None] == kind[None, :]
    edge = np.triu(rng.random((n, n)) < np.where(same, 0.035, 0.006), 1)
    adj = (edge | edge.T).astype("float32") + np.eye(n, dtype="float32")
    deg = adj.sum(1)
    adj = adj / np.sqrt(deg[:, None] * deg[None, :])
    marker = rng.normal(size=(CELL_TYPES, GENES))
    expression = 0.6 * marker[kind] + rng.normal(size=(n, GENES))
    return adj, expression.astype("float32"), kind


class GraphConv(tf.keras.layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = tf.keras.activations.get(activation)

    def build(self, input_shape):
        fan_in = int(input_shape[-1])
        scale = 1.0 / (fan_in * self.units)  # expect: init-too-small
        self.kernel = self.add_weight(
            name="kernel",
            shape=(fan_in, self.units),
            initializer=tf.keras.initializers.RandomNormal(stddev=scale),  # expect-or: init-too-small
        )
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")

    def call(self, x, adj):
        return self.activation(tf.matmul(adj, tf.matmul(x, self.kernel)) + self.bias)


class CellGCN(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.g1 = GraphConv(64, "relu")
        self.g2 = GraphConv(32, "relu")
        self.g3 = GraphConv(CELL_TYPES)

    def call(self, inputs):
        x, adj = inputs
        return self.g3(self.g2(self.g1(x, adj), adj), adj)


def macro_f1(truth, guess):
    scores = []
    for c in range(CELL_TYPES):
        tp = np.sum((guess == c) & (truth == c))
        scores.append(2 * tp / max(np.sum(guess == c) + np.sum(truth == c), 1))
    return float(np.mean(scores))


def run():
    tf.keras.utils.set_random_seed(0)
    adj, x, kind = interaction_graph()
    annotated = np.zeros(len(kind), bool)
    annotated[np.random.default_rng(1).choice(len(kind), 240, replace=False)] = True
    rows = tf.constant(np.flatnonzero(annotated))
    y = tf.constant(kind[annotated])

    net = CellGCN()
    opt = tf.keras.optimizers.SGD(0.1, momentum=0.9)
    net((x, adj))

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            logits = tf.gather(net((x, adj)), rows)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        opt.apply(tape.gradient(loss, net.trainable_variables), net.trainable_variables)
        return loss

    for epoch in range(150):
        loss = step()
        if epoch % 25 == 0:
            print(f"epoch {epoch:3d} loss {float(loss):.4f}")
    guess = net((x, adj)).numpy().argmax(1)
    print(f"unannotated cells: accuracy {np.mean(guess[~annotated] == kind[~annotated]):.3f}, "
          f"macro F1 {macro_f1(kind[~annotated], guess[~annotated]):.3f}")


run()
