#!/usr/bin/env python
"""skip-gram with negative sampling, plain tf.Variables, made-up corpus"""
import numpy as np, tensorflow as tf

r = np.random.RandomState(8)
tf.random.set_seed(8)
V, TOPICS, PER = 240, 8, 30          # words 0..239, word w belongs to topic w // 30
DIM, WIN, NEG = 24, 3, 5

zipf = 1 / np.arange(1, PER + 1) ** 0.7
zipf /= zipf.sum()


def sentence():
    t = r.randint(TOPICS)
    own = t * PER + r.choice(PER, 14, p=zipf)
    noise = r.randint(V, size=14)
    return np.where(r.rand(14) < 0.25, noise, own)


def pairs(sents):
    c, o = [], []
    for s in sents:
        for d in range(1, WIN + 1):
            c += [s[:-d], s[d:]]
            o += [s[d:], s[:-d]]
    return np.concatenate(c).astype("int32"), np.concatenate(o).astype("int32")


train_sents = [sentence() for _ in range(2500)]
test_sents = [sentence() for _ in range(300)]
tc, to = pairs(train_sents)
hc, ho = pairs(test_sents)
counts = np.bincount(np.concatenate(train_sents), minlength=V).astype("float64")
unigram = counts ** 0.75
unigram /= unigram.sum()
log_unigram = tf.constant(np.log(unigram)[None], tf.float32)

W_in = tf.Variable(tf.random.uniform([V, DIM], -0.5, 0.5) / DIM)
W_out = tf.Variable(tf.zeros([V, DIM]))
opt = tf.keras.optimizers.Adam(0.004)


def sgns(c, o, n):
    v = tf.nn.embedding_lookup(W_in, c)
    pos = tf.reduce_sum(v * tf.nn.embedding_lookup(W_out, o), -1)
    neg = tf.einsum("bd,bkd->bk", v, tf.nn.embedding_lookup(W_out, n))
    return tf.reduce_mean(tf.nn.softplus(-pos) + tf.reduce_sum(tf.nn.softplus(neg), -1))


@tf.function(reduce_retracing=True)
def train_step(c, o):
    b = tf.shape(c)[0]
    n = tf.reshape(tf.random.categorical(log_unigram, b * NEG), [b, NEG])
    with tf.GradientTape() as tape:
        loss = sgns(c, o, n)
    gi, go = tape.gradient(loss, [W_in, W_out])
    opt.apply_gradients([(tf.convert_to_tensor(gi), W_in), (tf.convert_to_tensor(go), W_out)])
    return loss


hn = r.choice(V, (len(hc), NEG), p=unigram)


def precision_at(k=10):
    e = W_in.numpy()
    e = e / np.linalg.norm(e, axis=1, keepdims=True)
    sim = e @ e.T
    np.fill_diagonal(sim, -9)
    nn = np.argsort(-sim, 1)[:, :k]
    return (nn // PER == np.arange(V)[:, None] // PER).mean()


print("pairs", len(tc), "| P@10 at the start %.3f" % precision_at(), "| loss at the start %.3f" % sgns(hc, ho, hn))
B = 1024
for ep in range(4):
    order = r.permutation(len(tc))
    tot = []
    for i in range(0, len(order) - B + 1, B):
        j = order[i:i + B]
        tot.append(float(train_step(tf.constant(tc[j]), tf.constant(to[j]))))
    print("epoch %d  train %.3f  held-out %.3f  P@10 %.3f" % (ep + 1, np.mean(tot), sgns(hc, ho, hn), precision_at()))

e, ctx = W_in.numpy(), W_out.numpy()
p, q = (e[hc] * ctx[ho]).sum(1), (e[hc] * ctx[hn[:, 0]]).sum(1)
print("held-out true pair scored above a random one: %.3f (guessing 0.5)" % (p > q).mean())
print("neighbours from the same topic: %.3f (guessing %.3f)" % (precision_at(), 1 / TOPICS))
