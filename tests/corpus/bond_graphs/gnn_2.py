import tensorflow as tf


def sum_pool(h, graph_id, n_graphs):
    return tf.math.unsorted_segment_sum(h, graph_id, n_graphs)


class GraphConv(tf.keras.layers.Layer):
    def __init__(self, units, **kw):
        super().__init__(**kw)
        self.units = units

    def build(self, shape):
        self.w_self = self.add_weight(shape=(shape[-1], self.units), initializer="he_normal", name="w_self")
        self.w_nb = self.add_weight(shape=(shape[-1], self.units), initializer="he_normal", name="w_nb")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

    def call(self, h, src, dst):
        message = tf.gather(h, src)
        agg = tf.math.unsorted_segment_sum(message, dst, tf.shape(h)[0])
        return tf.nn.relu(h @ self.w_self + agg @ self.w_nb + self.b)


class MoleculeNet(tf.keras.Model):
    def __init__(self, n_atoms, width=8):
        super().__init__()
        self.embed = tf.keras.layers.Embedding(n_atoms, width)
        self.conv1 = GraphConv(width)
        self.conv2 = GraphConv(width)
        self.read = tf.keras.layers.Dense(1)

    def call(self, batch):
        h = self.embed(batch["atoms"])
        h = self.conv1(h, batch["src"], batch["dst"])
        h = self.conv2(h, batch["src"], batch["dst"])
        return self.read(sum_pool(h, batch["graph"], batch["n"]))[:, 0]
