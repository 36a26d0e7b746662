"""A tiny masked language model on a made grammar, then LoRA adapters (rank 2) for a changed dialect."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

keras.utils.set_random_seed(6)
NOUN, VERB, MASK, LEN, V = 8, 8, 0, 10, 18
rng = np.random.default_rng(6)


def corpus(n, shift, seed):
    """noun k is followed by verb k+shift, the verb by noun 3k+1; sentences start anywhere."""
    r = np.random.default_rng(seed)
    s = np.zeros((n, LEN), "int32")
    k = r.integers(0, NOUN, n)
    for t in range(0, LEN, 2):
        s[:, t] = 1 + k
        v = (k + shift + r.integers(0, 2, n)) % VERB
        s[:, t + 1] = 1 + NOUN + v
        k = (3 * v + 1) % NOUN
    return s


class LoRADense(layers.Layer):
    def __init__(self, units, rank=2, **kw):
        super().__init__(**kw)
        self.units, self.rank = units, rank

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units), initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")
        self.lora_a = self.add_weight(shape=(shape[-1], self.rank), initializer="he_normal", name="lora_a")
        self.lora_b = self.add_weight(shape=(self.rank, self.units), initializer="zeros", name="lora_b")

    def call(self, x):
        return x @ self.kernel + self.bias + (x @ self.lora_a) @ self.lora_b


class Embed(layers.Layer):
    def __init__(self, dim, **kw):
        super().__init__(**kw)
        self.tok, self.pos = layers.Embedding(V, dim), layers.Embedding(LEN, dim)

    def call(self, ids):
        return self.tok(ids) + self.pos(ops.arange(LEN))


def encoder(dim=32):
    ids = keras.Input((LEN,), dtype="int32")
    x = Embed(dim)(ids)
    for _ in range(2):
        h = layers.LayerNormalization()(x)
        x = x + layers.MultiHeadAttention(2, dim // 2)(h, h)
        h = layers.LayerNormalization()(x)
        x = x + LoRADense(dim)(ops.gelu(LoRADense(2 * dim)(h)))
    return keras.Model(ids, LoRADense(V, rank=4)(layers.LayerNormalization()(x)))


def masked(s, r, share=0.2):
    hole = r.random(s.shape) < share
    return np.where(hole, MASK, s), hole.astype("float32")


def trainer(net, variables, lr):
    opt = keras.optimizers.Adam(lr)

    @tf.function
    def step(seen, full, hole):
        with tf.GradientTape() as tape:
            ce = tf.nn.sparse_softmax_cross_entropy_with_logits(full, net(seen, training=True))
            loss = tf.reduce_sum(ce * hole) / (tf.reduce_sum(hole) + 1e-6)
        opt.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    return step


def score(net, s, seed=0):
    seen, hole = masked(s, np.random.default_rng(seed))
    hit = net.predict(seen, verbose=0, batch_size=500).argmax(-1) == s
    return (hit * hole).sum() / hole.sum()


def run(step, s, steps, every):
    for k in range(1, steps + 1):
        full = s[rng.integers(0, len(s), 64)]
        seen, hole = masked(full, rng)
        loss = step(tf.constant(seen), tf.constant(full), tf.constant(hole, tf.float32))
        if k % every == 0:
            print(f"  step {k:4d} loss {float(loss):.3f}")


lm = encoder()
old, old_test = corpus(3000, 0, 1), corpus(500, 0, 2)
new, new_test = corpus(300, 4, 3), corpus(500, 4, 4)
lora = [v for v in lm.trainable_variables if "lora" in v.name]
core = [v for v in lm.trainable_variables if "lora" not in v.name]
print("pretraining", sum(int(np.prod(v.shape)) for v in core), "weights")
run(trainer(lm, core, 3e-3), old, 350, 70)
print(f"old dialect {score(lm, old_test):.3f}   new dialect {score(lm, new_test):.3f}")
print("adapting", sum(int(np.prod(v.shape)) for v in lora), "weights")
frozen = [v.numpy() for v in core]
run(trainer(lm, lora, 1e-2), new, 200, 50)
print(f"old dialect {score(lm, old_test):.3f}   new dialect {score(lm, new_test):.3f}")
print("core moved by", max(float(np.abs(v.numpy() - f).max()) for v, f in zip(core, frozen)))
