"""
Slot tagging for a voice assistant: BiLSTM tagger trained with a custom loop.

Sentences come from templates; every token gets one of the slot tags below. Sentences are padded to
MAX_LEN. Some values are ambiguous on purpose ("may", "march", "rose" ... are names, months, songs).
"""
import argparse
import collections
import logging

import numpy as np
import tensorflow as tf

keras = tf.keras
layers = keras.layers

MAX_LEN = 40
PAD, UNK = 0, 1
TAGS = ["O", "PERSON", "MONTH", "SONG", "CITY", "NUMBER"]

SHARED = ["may", "march", "april", "june", "august", "rose", "paris", "florence", "sydney", "dallas"]
POOLS = {
    "PERSON": SHARED + ["anna", "peter", "olga", "samir", "li"],
    "MONTH": SHARED[:5] + ["january", "october", "december"],
    "SONG": SHARED + ["yesterday", "hello", "jolene"],
    "CITY": SHARED[6:] + ["berlin", "lima", "oslo"],
    "NUMBER": ["one", "two", "three", "four", "ten", "twenty"],
}
TEMPLATES = [
    "call {PERSON}", "call {PERSON} in {CITY}", "play {SONG}", "play {SONG} by {PERSON}",
    "remind {PERSON} in {MONTH}", "book {NUMBER} seats to {CITY} for {PERSON}",
    "{PERSON} lands in {CITY} in {MONTH}", "{MONTH} report for {PERSON}", "{SONG} by {PERSON} please",
    "turn the volume to {NUMBER}", "send {SONG} to {PERSON}", "weather of {CITY} during {MONTH}",
    "{PERSON} has {NUMBER} meetings", "play {SONG} then {SONG}", "meet {PERSON} and {PERSON} at {NUMBER}",
    "{PERSON}", "{SONG}", "{MONTH}", "{CITY}",
]

logger = logging.getLogger("tagger")


def sentence(rng):
    words, tags = [], []
    for clause in range(rng.integers(1, 4)):
        if clause:
            words.append("then")
            tags.append(0)
        for piece in TEMPLATES[rng.integers(len(TEMPLATES))].split():
            if piece.startswith("{"):
                tag = piece[1:-1]
                words.append(POOLS[tag][rng.integers(len(POOLS[tag]))])
                tags.append(TAGS.index(tag))
            else:
                words.append(piece)
                tags.append(0)
    return words, tags


def distinct_sentences(n, rng):
    """n sentences, no wording twice."""
    found = {}
    while len(found) < n:
        words, tags = sentence(rng)
        found.setdefault(" ".join(words), (words, tags))
    return list(found.values())


def build_vocab(sentences, min_count=2):
    counts = collections.Counter(w for words, _ in sentences for w in words)
    return {w: i + 2 for i, (w, c) in enumerate(counts.most_common()) if c >= min_count}


def encode(sentences, vocab):
    x = np.zeros((len(sentences), MAX_LEN), "int32")
    y = np.zeros((len(sentences), MAX_LEN), "int32")
    for row, (words, tags) in enumerate(sentences):
        x[row, :len(words)] = [vocab.get(w, UNK) for w in words]
        y[row, :len(tags)] = tags
    return x, y


class Tagger(keras.Model):
    def __init__(self, vocab_size, emb=24, units=24, dropout=0.1):
        super().__init__()
        self.embed = layers.Embedding(vocab_size, emb, mask_zero=True)
        self.drop = layers.Dropout(dropout)
        self.encoder = layers.Bidirectional(layers.LSTM(units, return_sequences=True))
        self.scores = layers.Dense(len(TAGS))

    def call(self, ids, training=None):
        mask = tf.not_equal(ids, PAD)
        h = self.drop(self.embed(ids), training=training)
        return self.scores(self.encoder(h, mask=mask, training=training))


class Loop:
    def __init__(self, model, optimizer):
        self.model, self.optimizer = model, optimizer
        self.mean_loss = keras.metrics.Mean()
        self.accuracy = keras.metrics.Mean()

    @staticmethod
    def masked_loss(y, logits, weight):
        ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
        return tf.reduce_sum(ce * weight) / tf.reduce_sum(weight)

    def record(self, y, logits, loss, weight):
        self.mean_loss.update_state(loss, sample_weight=tf.reduce_sum(weight))
        hit = tf.argmax(logits, -1, output_type=tf.int32) == y
        self.accuracy.update_state(tf.cast(hit, tf.float32))  # expect: metric-wrong

    @tf.function
    def train_batch(self, x, y):
        weight = tf.cast(x != PAD, tf.float32)
        with tf.GradientTape() as tape:
            logits = self.model(x, training=True)
            loss = self.masked_loss(y, logits, weight)
        grads = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.model.trainable_variables))
        self.record(y, logits, loss, weight)

    @tf.function
    def eval_batch(self, x, y):
        weight = tf.cast(x != PAD, tf.float32)
        logits = self.model(x, training=False)
        self.record(y, logits, self.masked_loss(y, logits, weight), weight)

    def run(self, fn, ds):
        self.mean_loss.reset_state()
        self.accuracy.reset_state()
        for x, y in ds:
            fn(x, y)
        return float(self.mean_loss.result()), float(self.accuracy.result())


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--sentences", type=int, default=3800)
    ap.add_argument("--epochs", type=int, default=7)
    ap.add_argument("--batch", type=int, default=64)
    ap.add_argument("--lr", type=float, default=5e-3)
    ap.add_argument("--seed", type=int, default=4)
    args = ap.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    keras.utils.set_random_seed(args.seed)
    rng = np.random.default_rng(args.seed)

    sentences = distinct_sentences(args.sentences, rng)
    sentences = [sentences[i] for i in rng.permutation(len(sentences))]
    train_s, val_s = sentences[600:], sentences[:600]
    vocab = build_vocab(train_s)
    x, y = encode(train_s, vocab)
    xv, yv = encode(val_s, vocab)
    logger.info("%d train and %d val sentences, %.1f tokens on average, vocabulary %d",
                len(x), len(xv), (x != PAD).sum(1).mean(), len(vocab) + 2)
    train = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=args.seed).batch(args.batch).prefetch(2)
    val = tf.data.Dataset.from_tensor_slices((xv, yv)).batch(200)

    model = Tagger(len(vocab) + 2)
    steps = args.epochs * len(train)
    loop = Loop(model, keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(args.lr, steps, alpha=0.02), global_clipnorm=1.0))
    for epoch in range(args.epochs):
        tl, ta = loop.run(loop.train_batch, train)
        vl, va = loop.run(loop.eval_batch, val)
        logger.info("epoch %d | loss %.3f acc %.4f | val_loss %.3f val_acc %.4f", epoch + 1, tl, ta, vl, va)

    for words, tags in val_s[:4]:
        ids, _ = encode([(words, tags)], vocab)
        guess = model(ids, training=False).numpy()[0, :len(words)].argmax(-1)
        logger.info("  %s", " ".join(f"{w}/{TAGS[g]}" for w, g in zip(words, guess)))


if __name__ == "__main__":
    main()
