#!/usr/bin/env python
"""Sort help-desk messages by department (embedding + pooling)."""
import random

import numpy as np
import tensorflow as tf

from encoding_fixed import Encoder

tf.keras.utils.set_random_seed(12)

COMMON = "please the my since a for with it hello thanks we you on again still not is to and today".split()
TOPICS = {
    "network": "wifi router cable vpn offline slow port signal".split(),
    "printing": "toner paper jam printer tray colour page scan".split(),
    "accounts": "password login locked reset email user expired token".split(),
    "hardware": "screen keyboard battery charger broken fan laptop noise".split(),
}


def message(department, rng):
    words = rng.choices(COMMON, k=rng.randint(5, 9)) + rng.choices(TOPICS[department], k=rng.randint(1, 3))
    if rng.random() < 0.3:
        words += rng.choices(TOPICS[rng.choice(list(TOPICS))], k=1)
    rng.shuffle(words)
    return " ".join(words)


def corpus(n, seed):
    rng = random.Random(seed)
    departments = [rng.choice(list(TOPICS)) for _ in range(n)]
    texts = [message(d, rng) for d in departments]
    return texts, np.array([list(TOPICS).index(d) for d in departments])


def build(vocabulary, width):
    words = tf.keras.Input((width,), dtype="int32")
    x = tf.keras.layers.Embedding(vocabulary, 16)(words)
    x = tf.keras.layers.GlobalAveragePooling1D()(x)
    x = tf.keras.layers.Dense(16, activation="relu")(x)
    return tf.keras.Model(words, tf.keras.layers.Dense(len(TOPICS), activation="softmax")(x))


def main(vocabulary=60, width=16):
    texts, labels = corpus(1500, seed=1)
    new_texts, new_labels = corpus(400, seed=2)
    encode = Encoder(texts, vocabulary, width)
    x, x_new = encode(texts), encode(new_texts)

    model = build(vocabulary, width)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, labels, epochs=20, batch_size=32, validation_data=(x_new, new_labels), verbose=2)
    print("accuracy on new messages: %.3f" % model.evaluate(x_new, new_labels, verbose=0)[1])


if __name__ == "__main__":
    main()
