"""Skip-gram with negative sampling on a synthetic corpus with hidden topics."""
import numpy as np
import tensorflow as tf

tf.random.set_seed(17)
rng = np.random.default_rng(17)
TOPICS, PER, DIM, NEG, WIN = 8, 25, 24, 5, 3
FILLER = 20
VOCAB = TOPICS * PER + FILLER

# ---- corpus: each sentence has one topic, 25 % of its words are filler
zipf = 1.0 / np.arange(1, PER + 1) ** 0.7
zipf /= zipf.sum()
def sentence():
    t = rng.integers(TOPICS)
    words = t * PER + rng.choice(PER, 12, p=zipf)
    fill = rng.random(12) < 0.25
    words[fill] = TOPICS * PER + rng.integers(FILLER, size=fill.sum())
    return words
corpus = np.array([sentence() for _ in range(2200)])
fit_s, held_s = corpus[:1900], corpus[1900:]

def pairs(sents):
    out = []
    for d in range(1, WIN + 1):
        out += [np.stack([sents[:, :-d], sents[:, d:]], -1).reshape(-1, 2),
                np.stack([sents[:, d:], sents[:, :-d]], -1).reshape(-1, 2)]
    return np.concatenate(out).astype("int32")

train, held = pairs(fit_s), pairs(held_s)
freq = np.bincount(fit_s.ravel(), minlength=VOCAB) + 1.0
noise_logits = tf.constant(0.75 * np.log(freq)[None], tf.float32)
print(f"{len(train)} training pairs, {len(held)} held-out pairs, vocabulary {VOCAB}")

# ---- parameters: context table at zero as in the original word2vec code
W_in = tf.Variable(tf.random.uniform((VOCAB, DIM), -0.5 / DIM, 0.5 / DIM))
W_out = tf.Variable(tf.zeros((VOCAB, DIM)))
opt = tf.keras.optimizers.Adam(0.01)

def sgns(center, context):
    b = tf.shape(center)[0]
    neg = tf.reshape(tf.random.categorical(noise_logits, b * NEG, dtype=tf.int32), (b, NEG))
    v = tf.gather(W_in, center)
    pos = tf.reduce_sum(v * tf.gather(W_out, context), -1)
    ng = tf.einsum("bd,bkd->bk", v, tf.gather(W_out, neg))
    return tf.reduce_mean(tf.nn.softplus(-pos) + tf.reduce_sum(tf.nn.softplus(ng), -1))

@tf.function
def step(batch):
    with tf.GradientTape() as tape:
        loss = sgns(batch[:, 0], batch[:, 1])
    # gather gives IndexedSlices; make them dense so Adam's moments treat every row alike
    grads = [tf.convert_to_tensor(g) for g in tape.gradient(loss, [W_in, W_out])]
    opt.apply_gradients(zip(grads, [W_in, W_out]))
    return loss

eval_sgns = tf.function(sgns)

def same_topic(k=5):
    E = W_in.numpy()[:TOPICS * PER]
    E = E / np.linalg.norm(E, axis=1, keepdims=True)
    S = E @ E.T
    np.fill_diagonal(S, -2)
    nn = np.argsort(-S, 1)[:, :k]
    return np.mean(nn // PER == (np.arange(TOPICS * PER) // PER)[:, None])

print(f"at start: loss {float(eval_sgns(held[:, 0], held[:, 1])):.4f} (= 6 ln 2 = {6 * np.log(2):.4f}), "
      f"neighbours of the same topic {same_topic():.2f} (chance {1 / TOPICS:.2f})")
B = 2048
for epoch in range(5):
    order = rng.permutation(len(train))
    m = np.mean([float(step(tf.constant(train[order[i:i + B]]))) for i in range(0, len(order) - B + 1, B)])
    print(f"epoch {epoch + 1}  train {m:.4f}  held-out {float(eval_sgns(held[:, 0], held[:, 1])):.4f}  "
          f"neighbours of the same topic {same_topic():.2f}")
