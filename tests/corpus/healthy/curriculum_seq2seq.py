"""Encoder-decoder with attention that sorts digits; the curriculum lengthens the inputs from 3 to 6.
The loss jumps up whenever a longer length comes in."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(38)
PAD, GO, V, MAXLEN = 10, 11, 12, 6
rng = np.random.default_rng(38)


def make(n, length, gen):
    src = np.full((n, MAXLEN), PAD, "int32")
    tgt = np.full((n, MAXLEN), PAD, "int32")
    src[:, :length] = gen.integers(0, 10, (n, length))
    tgt[:, :length] = np.sort(src[:, :length], axis=1)
    dec = np.concatenate([np.full((n, 1), GO, "int32"), tgt[:, :-1]], 1)
    return src, dec, tgt


class Seq2Seq(tf.keras.Model):
    def __init__(self, units=64):
        super().__init__()
        self.emb_src, self.emb_tgt = layers.Embedding(V, 32), layers.Embedding(V, 32)
        self.enc = layers.GRU(units, return_sequences=True, return_state=True)
        self.dec = layers.GRU(units, return_sequences=True)
        self.att = layers.Attention(use_scale=True)
        self.mix, self.out = layers.Dense(units, activation="relu"), layers.Dense(V - 1)

    def call(self, inputs):
        src, dec = inputs
        memory, state = self.enc(self.emb_src(src))
        h = self.dec(self.emb_tgt(dec), initial_state=state)
        c = self.att([h, memory], mask=[None, src != PAD])
        return self.out(self.mix(tf.concat([h, c], -1)))


net = Seq2Seq()
net((tf.zeros((1, MAXLEN), tf.int32), tf.zeros((1, MAXLEN), tf.int32)))
opt = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.PiecewiseConstantDecay([550], [4e-3, 1e-3]), clipnorm=1.)
opt.build(net.trainable_variables)


@tf.function(reduce_retracing=True)
def step(src, dec, tgt):
    with tf.GradientTape() as tape:
        ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tgt, logits=net((src, dec)))
        keep = tf.cast(tgt != PAD, tf.float32)                 # padding doesn't count
        loss = tf.reduce_sum(ce * keep) / tf.reduce_sum(keep)
    opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return loss


@tf.function
def greedy(src):
    dec = tf.fill([tf.shape(src)[0], 1], GO)
    for _ in range(MAXLEN):
        nxt = tf.argmax(net((src, dec))[:, -1], -1, output_type=tf.int32)
        dec = tf.concat([dec, nxt[:, None]], 1)
    return dec[:, 1:]


def exact(length, seed):
    src, _, tgt = make(500, length, np.random.default_rng(seed))
    got = greedy(tf.constant(src)).numpy()
    return np.mean((got == tgt)[:, :length].all(1))


done = 0
for longest, n in [(3, 150), (4, 150), (5, 150), (6, 350)]:
    losses = []
    for _ in range(n):
        length = longest if rng.random() < .7 else rng.integers(3, longest + 1)   # keep some of the shorter ones
        losses.append(step(*map(tf.constant, make(128, int(length), rng))))
    done += n
    print(f"step {done:4d}: up to {longest} digits, loss {losses[0]:.3f} -> {np.mean(losses[-20:]):.4f}, "
          f"exact {exact(longest, 900 + longest):.3f}")
print("exactly sorted, 6 new digits: %.3f" % exact(6, 12345))
