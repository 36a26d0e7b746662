"""Sequence tagger for toy addresses: STREET / NUMBER / CITY / OTHER per token, id 0 = padding."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

PAD = 0
TAGS = ["<pad>", "STREET", "NUMBER", "CITY", "OTHER"]
MAX_LEN = 20
VOCAB = 80


def make_corpus(n, seed):
    rng = np.random.default_rng(seed)
    tokens = np.zeros((n, MAX_LEN), "int32")
    tags = np.zeros((n, MAX_LEN), "int32")
    for i in range(n):
        sent, tag = [], []
        for _ in range(rng.integers(0, 4)):
            sent.append(rng.integers(1, 20)); tag.append(4)
        for _ in range(rng.integers(1, 4)):
            sent.append(rng.integers(20, 60)); tag.append(1)
        sent.append(rng.integers(60, 80)); tag.append(2)
        for _ in range(rng.integers(1, 3)):
            sent.append(rng.integers(20, 60)); tag.append(3)
        for _ in range(rng.integers(0, 4)):
            sent.append(rng.integers(1, 20)); tag.append(4)
        tokens[i, :len(sent)] = sent
        tags[i, :len(tag)] = tag
    return tokens, tags


class Tagger(keras.Model):
    def __init__(self, vocab, n_tags, width=24):
        super().__init__()
        self.embed = keras.layers.Embedding(vocab, width)
        self.rnn = keras.layers.Bidirectional(keras.layers.GRU(width, return_sequences=True))
        self.head = keras.layers.Dense(n_tags)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.acc_tracker = keras.metrics.SparseCategoricalAccuracy(name="token_acc")
        self.xent = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")

    @property
    def metrics(self):
        return [self.loss_tracker, self.acc_tracker]

    def call(self, tokens):
        return self.head(self.rnn(self.embed(tokens)))

    def masked_loss(self, y, logits):
        mask = tf.cast(tf.not_equal(y, PAD), tf.float32)
        per_token = self.xent(y, logits)
        return tf.reduce_sum(per_token * mask) / tf.reduce_sum(mask)

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            logits = self(x, training=True)
            loss = self.masked_loss(y, logits)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.loss_tracker.update_state(loss)
        self.acc_tracker.update_state(y, logits, sample_weight=tf.cast(y > 0, tf.float32))
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        x, y = data
        logits = self(x, training=False)
        self.loss_tracker.update_state(self.masked_loss(y, logits))
        self.acc_tracker.update_state(y, logits, sample_weight=tf.cast(y > 0, tf.float32))
        return {m.name: m.result() for m in self.metrics}


if __name__ == "__main__":
    keras.utils.set_random_seed(5)
    x, y = make_corpus(1000, seed=5)
    xv, yv = make_corpus(200, seed=6)
    tagger = Tagger(VOCAB, len(TAGS))
    tagger.compile(optimizer=keras.optimizers.Adam(5e-3))
    tagger.fit(x, y, validation_data=(xv, yv), batch_size=50, epochs=5, verbose=2)

    guess = np.argmax(tagger.predict(xv, verbose=0), axis=-1)
    for k in range(1, len(TAGS)):
        here = yv == k
        print(f"{TAGS[k]:7s} {here.sum():4d} tokens, found {np.mean(guess[here] == k):.3f}")
    real = yv != PAD
    print(f"token accuracy {np.mean(guess[real] == yv[real]):.3f}")
    print("example:", " ".join(TAGS[t] for t in guess[0][:real[0].sum()]))
