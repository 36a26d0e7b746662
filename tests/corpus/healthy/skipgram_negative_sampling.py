# word2vec (skip-gram + negative sampling) on an artificial corpus with four topics
import numpy as np
import tensorflow as tf

SEED = 9
tf.keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
topics = {
    "kitchen": "pan oven salt knife soup bread butter spoon onion flour".split(),
    "sea": "boat wave sail harbour anchor tide gull mast rope shell".split(),
    "office": "desk printer memo meeting invoice phone folder stapler email badge".split(),
    "garden": "rose soil spade hedge lawn seed bee tulip compost fence".split(),
}
common = "the a of and to in on with".split()
vocab = [w for ws in topics.values() for w in ws] + common
ix = {w: i for i, w in enumerate(vocab)}

sentences = []
for _ in range(3000):
    words = topics[rng.choice(list(topics))]
    sentences.append([ix[rng.choice(words)] if rng.random() < 0.7 else ix[rng.choice(common)] for _ in range(10)])

V, WINDOW, NEG, DIM = len(vocab), 2, 4, 12


def skipgrams(some):
    return np.array([(s[i], s[j]) for s in some for i in range(10) for j in range(max(0, i - WINDOW), min(10, i + WINDOW + 1)) if j != i])


freq = np.bincount(np.concatenate(sentences), minlength=V) ** 0.75
freq /= freq.sum()


def dataset(some):
    pairs = rng.permutation(skipgrams(some))
    negatives = rng.choice(V, size=(len(pairs), NEG), p=freq)
    contexts = np.concatenate([pairs[:, 1:], negatives], axis=1)
    labels = np.tile(np.array([[1.0] + [0.0] * NEG], "float32"), (len(pairs), 1))
    print(len(pairs), "pairs, vocabulary of", V)
    return tf.data.Dataset.from_tensor_slices(((pairs[:, 0], contexts), labels))


training = dataset(sentences[:2750]).cache().shuffle(100_000).batch(512).prefetch(2)
held_out = dataset(sentences[2750:]).batch(1024)


class Word2Vec(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.target = tf.keras.layers.Embedding(V, DIM, name="w2v")
        self.context = tf.keras.layers.Embedding(V, DIM)

    def call(self, inputs):
        t, c = inputs
        return tf.einsum("be,bce->bc", self.target(t), self.context(c))


m = Word2Vec()
m.compile(optimizer=tf.keras.optimizers.Adam(5e-3), loss=tf.keras.losses.BinaryCrossentropy(from_logits=True))
m.fit(training, validation_data=held_out, epochs=5, verbose=2)

E = m.target.get_weights()[0]
E = E / np.linalg.norm(E, axis=1, keepdims=True)
topic_of = np.repeat(np.arange(4), 10)
S = E[:40] @ E[:40].T
np.fill_diagonal(S, -2)
print("nearest neighbour has the same topic:", (topic_of[S.argmax(1)] == topic_of).mean(), "(chance 0.23)")
for w in ("soup", "sail", "memo", "tulip"):
    print(w, "->", [vocab[k] for k in np.argsort(-S[ix[w]])[:4]])
