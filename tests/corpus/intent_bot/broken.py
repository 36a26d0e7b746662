"""intent_bot.py - trains the little intent recogniser of our home automation bot."""
import random
import time

import numpy as np
import tensorflow as tf

random.seed(9)
tf.random.set_seed(9)

TEMPLATES = {
    "lights": ["turn {on} the {room} lights", "make it brighter in the {room}", "lamp {on} please", "dim the {room}"],
    "heating": ["set the {room} to {n} degrees", "i am cold in the {room}", "heating {on}", "warmer in the {room} please"],
    "music": ["play some {genre}", "next song please", "volume to {n}", "stop the {genre} music"],
    "timer": ["set a timer for {n} minutes", "wake me in {n} minutes", "how long is left on the timer", "cancel the timer"],
    "weather": ["will it rain today", "what is the forecast for {day}", "do i need an umbrella {day}", "how windy is it"],
    "shopping": ["add {food} to the list", "we need {food}", "what is on the shopping list", "remove {food} please"],
}
SLOTS = {
    "on": ["on", "off"], "room": ["kitchen", "bedroom", "hall", "office"], "n": ["five", "ten", "twenty", "twelve"],
    "genre": ["jazz", "rock", "techno"], "day": ["monday", "tomorrow", "sunday"], "food": ["milk", "bread", "eggs", "rice"],
}
INTENTS = sorted(TEMPLATES)


def utterance(intent):
    s = random.choice(TEMPLATES[intent]).format(**{k: random.choice(v) for k, v in SLOTS.items()})
    words = s.split()
    if random.random() < 0.3:
        words.insert(0, random.choice(["hey", "ok", "um"]))
    if len(words) > 4 and random.random() < 0.2:
        words.pop(random.randrange(len(words)))
    return " ".join(words)


labels = np.array([random.randrange(len(INTENTS)) for _ in range(1600)])
texts = [utterance(INTENTS[i]) for i in labels]
vocab = {w: i + 1 for i, w in enumerate(sorted({w for t in texts for w in t.split()}))}
ids = np.zeros((len(texts), 12), np.int32)
for r, t in enumerate(texts):
    w = [vocab[v] for v in t.split()][:12]
    ids[r, :len(w)] = w

train = tf.data.Dataset.from_tensor_slices((ids[:1300], labels[:1300])).shuffle(1300, seed=1).batch(32)
held_out = tf.data.Dataset.from_tensor_slices((ids[1300:], labels[1300:])).batch(100)


class IntentNet(tf.keras.Model):
    def __init__(self, n_words, n_intents):
        super().__init__()
        self.table = tf.keras.layers.Embedding(n_words, 24)
        self.conv = tf.keras.layers.Conv1D(48, 3, padding="same", activation="relu")
        self.pool = tf.keras.layers.GlobalMaxPooling1D()
        self.head = tf.keras.layers.Dense(n_intents)  # expect-or: loss-logits

    def call(self, x):
        return self.head(self.pool(self.conv(self.table(x))))


bot = IntentNet(len(vocab) + 1, len(INTENTS))
criterion = tf.keras.losses.SparseCategoricalCrossentropy()  # expect: loss-logits
opt = tf.keras.optimizers.Adam(1e-2)
seen = tf.keras.metrics.Mean()
right = tf.keras.metrics.SparseCategoricalAccuracy()


@tf.function
def learn(x, y):
    with tf.GradientTape() as tape:
        scores = bot(x, training=True)
        loss = criterion(y, scores)  # expect-or: loss-logits
    grads = tape.gradient(loss, bot.trainable_variables)
    opt.apply_gradients(zip(grads, bot.trainable_variables))
    seen.update_state(loss)
    right.update_state(y, scores)


@tf.function
def check(x, y):
    right.update_state(y, bot(x, training=False))


for epoch in range(8):
    t0 = time.time()
    seen.reset_state()
    right.reset_state()
    for x, y in train:
        learn(x, y)
    train_acc = float(right.result())
    right.reset_state()
    for x, y in held_out:
        check(x, y)
    print(f"[{epoch + 1}] loss={float(seen.result()):.4f} acc={train_acc:.3f} held out={float(right.result()):.3f} ({time.time() - t0:.1f}s)")
