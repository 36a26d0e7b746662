"""Layers of the patch classifier (backend-neutral, keras.ops only)."""
import keras
from keras import ops


class Patchify(keras.layers.Layer):
    def __init__(self, side=7, **kw):
        super().__init__(**kw)
        self.side = side

    def call(self, img):
        b, h, w = ops.shape(img)
        gh, gw = h // self.side, w // self.side
        x = ops.reshape(img, (-1, gh, self.side, gw, self.side))
        x = ops.transpose(x, (0, 1, 3, 2, 4))
        return ops.reshape(x, (-1, gh * gw, self.side * self.side))


class AddPosition(keras.layers.Layer):
    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:], initializer=keras.initializers.RandomNormal(stddev=0.2), name="pos")

    def call(self, tokens):
        return tokens + self.table


class Mixing(keras.layers.Layer):
    """Multi-head self attention written with einsum, plus residual."""

    def __init__(self, heads=4, width=12, **kw):
        super().__init__(**kw)
        self.heads, self.width = heads, width

    def build(self, shape):
        d = shape[-1]
        proj = dict(shape=(d, self.heads, self.width), initializer="glorot_uniform")
        self.wq = self.add_weight(name="wq", **proj)
        self.wk = self.add_weight(name="wk", **proj)
        self.wv = self.add_weight(name="wv", **proj)
        self.wo = self.add_weight(name="wo", shape=(self.heads, self.width, d), initializer="glorot_uniform")

    def call(self, t):
        q = ops.einsum("bnd,dhk->bhnk", t, self.wq)
        k = ops.einsum("bnd,dhk->bhnk", t, self.wk)
        v = ops.einsum("bnd,dhk->bhnk", t, self.wv)
        a = ops.softmax(ops.einsum("bhnk,bhmk->bhnm", q, k) / self.width ** 0.5, axis=-1)
        return t + ops.einsum("bhnm,bhmk,hkd->bnd", a, v, self.wo)
