import keras


class LowRankDense(keras.layers.Layer):
    """Frozen Dense layer plus trainable update x A B * (alpha / r)."""

    def __init__(self, dense, rank=4, alpha=8.0, **kw):
        super().__init__(**kw)
        self.dense = dense
        self.dense.trainable = False
        self.rank = rank
        self.gain = alpha / rank

    def build(self, input_shape):
        n_in, n_out = self.dense.kernel.shape
        # the adapted network has to start out equal to the base network
        self.A = self.add_weight(name="A", shape=(n_in, self.rank), initializer="he_normal")
        self.B = self.add_weight(name="B", shape=(self.rank, n_out), initializer="zeros")

    def call(self, x):
        pre = keras.ops.matmul(x, self.dense.kernel) + self.dense.bias
        pre = pre + self.gain * keras.ops.matmul(keras.ops.matmul(x, self.A), self.B)
        return self.dense.activation(pre)
