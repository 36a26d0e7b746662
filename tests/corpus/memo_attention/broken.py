import tensorflow as tf
import numpy as np

SEED = 77
np.random.seed(SEED)
tf.random.set_seed(SEED)

# Short memos as token ids, 0 is padding. A memo is about the item that
# follows the marker token 5; nine kinds of item, tokens 10..18.
VOC, MAXLEN, KINDS = 60, 18, 9
MARK, FIRST = 5, 10


def memo():
    n = np.random.randint(6, 13)
    body = np.random.randint(FIRST, VOC, n)
    k = np.random.randint(KINDS)
    at = np.random.randint(0, n - 1)
    body[at], body[at + 1] = MARK, FIRST + k
    row = np.zeros(MAXLEN, "int32")
    row[:n] = body
    return row, k


pairs = [memo() for _ in range(4800)]
tokens = np.array([p[0] for p in pairs])
kinds = np.array([p[1] for p in pairs], "int32")
N = 4000


class Pooler(tf.keras.layers.Layer):
    """Learned query over the token states."""

    def __init__(self, units):
        super().__init__()
        self.keys = tf.keras.layers.Dense(units, activation="tanh")
        self.query = tf.keras.layers.Dense(1, use_bias=False)

    def call(self, states, valid):
        score = self.query(self.keys(states))[..., 0]
        score = score - 1e9 * valid  # expect: degenerate-feature
        w = tf.nn.softmax(score, axis=-1)  # expect-or: degenerate-feature
        return tf.einsum("bt,btd->bd", w, states)  # expect-or: degenerate-feature


class MemoNet(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.emb = tf.keras.layers.Embedding(VOC, 32)
        self.local = tf.keras.layers.Conv1D(48, 2, padding="causal", activation="relu")
        self.pool = Pooler(32)
        self.out = tf.keras.layers.Dense(KINDS)

    def call(self, ids):
        valid = tf.cast(ids != 0, tf.float32)  # expect-or: degenerate-feature
        return self.out(self.pool(self.local(self.emb(ids)), valid))  # expect-or: degenerate-feature

    def train_step(self, batch):
        ids, lab = batch
        with tf.GradientTape() as t:
            logits = self(ids)
            ce = self.compute_loss(x=ids, y=lab, y_pred=logits)
        gs = t.gradient(ce, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gs, self.trainable_variables))
        for m in self.metrics:
            if m.name == "loss":
                m.update_state(ce)
            else:
                m.update_state(lab, logits)
        return {m.name: m.result() for m in self.metrics}


net = MemoNet()
net.compile(optimizer=tf.keras.optimizers.Adam(5e-3),
            loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"])
net.fit(tokens[:N], kinds[:N], batch_size=64, epochs=6, verbose=2,
        validation_data=(tokens[N:], kinds[N:]))
