import random
from collections import Counter
import numpy as np
import tensorflow as tf

# skip-gram with negative sampling, done as in the C original: input vectors small and
# uniform, output vectors ALL ZERO, plain SGD, learning rate falling linearly to nothing.

random.seed(9); np.random.seed(9); tf.random.set_seed(9)

TOPICS = {
    "kitchen": "oven pan knife salt butter flour onion soup boil stir".split(),
    "harbour": "ship anchor rope sail crane dock tide captain net gull".split(),
    "garden": "rose spade seed soil hedge lawn compost bloom prune weed".split(),
    "court": "judge law trial jury verdict witness appeal lawyer oath fine".split(),
}
FILLERS = "the a of and to in was is it on".split()


def sentence():
    words = random.choice(list(TOPICS.values()))
    return [random.choice(FILLERS) if random.random() < 0.45 else random.choice(words)
            for _ in range(random.randint(6, 12))]


corpus = [sentence() for _ in range(2500)]
counts = Counter(w for s in corpus for w in s)
vocab = sorted(counts)
ident = {w: i for i, w in enumerate(vocab)}
freq = np.array([counts[w] for w in vocab], float)
freq /= freq.sum()
keep = np.minimum(1.0, np.sqrt(0.015 / freq))          # subsampling of frequent words
noise_p = freq ** 0.75 / np.sum(freq ** 0.75)

centre, context = [], []
for s in corpus:
    ids = [ident[w] for w in s if random.random() < keep[ident[w]]]
    for i, c in enumerate(ids):
        for j in range(max(0, i - 3), min(len(ids), i + 4)):
            if i != j:
                centre.append(c)
                context.append(ids[j])
centre, context = np.array(centre, np.int32), np.array(context, np.int32)
print(len(vocab), "words,", len(centre), "pairs")

DIM, NEG, BATCH, EPOCHS, LR0 = 24, 5, 64, 3, 1.6
V = tf.Variable(tf.random.uniform((len(vocab), DIM), -0.5 / DIM, 0.5 / DIM), name="input_vectors")
U = tf.Variable(tf.zeros((len(vocab), DIM)), name="output_vectors")


@tf.function
def update(c, o, neg, lr):
    with tf.GradientTape() as tape:
        v, u, un = tf.gather(V, c), tf.gather(U, o), tf.gather(U, neg)
        pos = tf.reduce_sum(v * u, 1)
        negs = tf.einsum("bd,bkd->bk", v, un)
        loss = -tf.reduce_mean(tf.math.log_sigmoid(pos) + tf.reduce_sum(tf.math.log_sigmoid(-negs), 1))
    gV, gU = tape.gradient(loss, [V, U])               # IndexedSlices
    V.scatter_sub(tf.IndexedSlices(lr * gV.values, gV.indices))
    U.scatter_sub(tf.IndexedSlices(lr * gU.values, gU.indices))
    return loss


steps = EPOCHS * (len(centre) // BATCH)
k, running = 0, None
for epoch in range(EPOCHS):
    order = np.random.permutation(len(centre))
    for i in range(0, len(order) - BATCH + 1, BATCH):
        pick = order[i:i + BATCH]
        neg = np.random.choice(len(vocab), (BATCH, NEG), p=noise_p).astype(np.int32)
        loss = float(update(centre[pick], context[pick], neg, tf.constant(LR0 * (1 - k / steps), tf.float32)))
        running = loss if running is None else 0.99 * running + 0.01 * loss
        k += 1
    print(f"epoch {epoch + 1}: loss {running:.4f}  (6 ln 2 = {6 * np.log(2):.4f} for vectors that know nothing)")

E = V.numpy() / np.linalg.norm(V.numpy(), axis=1, keepdims=True)
hits = total = 0
for words in TOPICS.values():
    for w in words:
        near = [vocab[i] for i in np.argsort(-E @ E[ident[w]]) if vocab[i] not in FILLERS][1:6]
        hits += sum(n in words for n in near)
        total += 5
print("nearest to 'anchor':", [vocab[i] for i in np.argsort(-E @ E[ident["anchor"]])[1:6]])
print(f"5 nearest content words from the same topic: {hits / total:.3f} (chance 0.23)")
