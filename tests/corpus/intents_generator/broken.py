"""Chatbot intents: which of six things does the customer want?"""
import random
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(5)

OPENERS = ["hi", "hello there", "please", "could you", "i would like to", "can i", "hey", "good morning"]
OBJECTS = ["my order", "the parcel", "an account", "the invoice", "this jacket", "my card", "the app"]
ENDS = ["today", "as soon as possible", "thanks", "for me", "again", "", "if you can"]
VERBS = {
    "cancel": ["cancel", "stop", "call off"],
    "refund": ["return", "get the money back for", "refund"],
    "track": ["track", "find", "locate"],
    "change": ["change", "edit", "update"],
    "complain": ["complain about", "report a fault with", "say what is wrong with"],
    "pay": ["pay for", "settle", "transfer money for"],
}
INTENTS = list(VERBS)


def make_sentences(per_intent):
    sents, labels = [], []
    for k, intent in enumerate(INTENTS):
        for _ in range(per_intent):
            sents.append(" ".join([random.choice(OPENERS), random.choice(VERBS[intent]),
                                   random.choice(OBJECTS), random.choice(ENDS)]).strip())
            labels.append(k)
    return sents, np.array(labels)


train_s, train_y = make_sentences(160)
test_s, test_y = make_sentences(40)

vocab = {w: i + 1 for i, w in enumerate(sorted({w for s in train_s for w in s.split()}))}
MAXLEN = 14


def encode(sentences):
    out = np.zeros((len(sentences), MAXLEN), "int32")
    for r, s in enumerate(sentences):
        ids = [vocab.get(w, 0) for w in s.split()][:MAXLEN]
        out[r, :len(ids)] = ids
    return out


X, X_test = encode(train_s), encode(test_s)


def batches(x, y, size, seed=0):
    rng = np.random.default_rng(seed)
    order = np.arange(len(x))
    while True:
        rng.permutation(order)  # expect: unshuffled
        for k in range(0, len(x), size):
            pick = order[k:k + size]  # expect-or: unshuffled
            yield x[pick], y[pick]


m = keras.Sequential([
    layers.Input((MAXLEN,)),
    layers.Embedding(len(vocab) + 1, 16),
    layers.GlobalAveragePooling1D(),
    layers.Dense(32, activation="relu"),
    layers.Dense(len(INTENTS), activation="softmax"),
])
m.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
m.optimizer.learning_rate = 5e-3
m.fit(batches(X, train_y, 32), steps_per_epoch=len(X) // 32, epochs=8,
      validation_data=(X_test, test_y), verbose=2)

p = m.predict(X_test, verbose=0).argmax(1)
for k, name in enumerate(INTENTS):
    print(f"{name:10s} recall {np.mean(p[test_y == k] == k):.2f}")
print("accuracy", np.mean(p == test_y))
