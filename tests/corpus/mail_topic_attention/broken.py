"""Route incoming mail to one of four teams. Token ids in, team out."""
import keras
import numpy as np
from keras import layers, ops

TEAMS = ["billing", "shipping", "returns", "tech"]
VOCAB = 400
MAXLEN = 24


def fetch_mails(n, seed):
    """Tokenised as they come from the gateway: header block, then the body."""
    rng = np.random.default_rng(seed)
    header = np.arange(2, 30)  # received-by / mime-version / content-type ...
    mails, team = [], rng.integers(0, len(TEAMS), n)
    for t in team:
        length = rng.integers(30, 60)
        common = rng.integers(30, 240, length)
        topical = rng.integers(240 + 40 * t, 280 + 40 * t, length)
        body = np.where(rng.random(length) < 0.15, topical, common)
        mails.append(np.concatenate([header, body]))
    return mails, team


def vectorise(mails):
    return keras.utils.pad_sequences(mails, maxlen=MAXLEN, padding="post", truncating="post")  # expect: degenerate-feature


class AttentionPool(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.score = layers.Dense(1)

    def call(self, x):
        w = ops.softmax(self.score(x), axis=1)
        return ops.sum(w * x, axis=1)


keras.utils.set_random_seed(9)
train_mails, y_train = fetch_mails(2400, seed=1)
test_mails, y_test = fetch_mails(600, seed=2)
x_train, x_test = vectorise(train_mails), vectorise(test_mails)

tokens = keras.Input((MAXLEN,), dtype="int32")
h = layers.Embedding(VOCAB, 24)(tokens)
h = AttentionPool()(h)
h = layers.Dense(32, activation="relu")(h)
team = layers.Dense(len(TEAMS), activation="softmax")(h)
model = keras.Model(tokens, team)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

history = model.fit(x_train, y_train, epochs=12, batch_size=32,
                    validation_data=(x_test, y_test), verbose=0)
for e, (l, a, v) in enumerate(zip(history.history["loss"], history.history["accuracy"],
                                  history.history["val_accuracy"])):
    print(f"epoch {e + 1}: loss {l:.3f} acc {a:.3f} val_acc {v:.3f}")
