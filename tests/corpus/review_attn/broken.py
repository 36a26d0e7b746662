# Sentiment of short product reviews: one attention block, custom train_step.
import json
from pathlib import Path
import numpy as np
import tensorflow as tf
import keras
from keras import layers, ops

cfg = json.loads(Path("base.json").read_text())  # expect: lr-too-low
keras.utils.set_random_seed(cfg["seed"])

GOOD = "great solid lovely quick quiet sturdy handy bright".split()
BAD = "awful flimsy slow noisy broken dull clumsy leaky".split()
NEG = "not never hardly".split()
THINGS = "kettle lamp drill blender chair phone case cable fan".split()
FILL = "the this my was is and really very quite so then after weeks we".split()
VOCAB = ["<pad>"] + GOOD + BAD + NEG + THINGS + FILL
INDEX = {w: i for i, w in enumerate(VOCAB)}


def make_review(rng):
    words, total = [], 0
    for _ in range(rng.integers(1, 3)):
        pol = 1 if rng.random() < 0.5 else -1
        words += [rng.choice(FILL), rng.choice(THINGS), "is"]
        word = rng.choice(GOOD if pol > 0 else BAD)
        if rng.random() < 0.3:
            words.append(rng.choice(NEG))
            pol = -pol
        words.append(word)
        total += pol
    if total == 0:                       # mixed: the closing remark decides
        pol = 1 if rng.random() < 0.5 else -1
        words = words[:8] + ["so", rng.choice(GOOD if pol > 0 else BAD)]
        total = pol
        words = words[4:]
    return words, int(total > 0)


def corpus(n, seed):
    rng = np.random.default_rng(seed)
    x = np.zeros((n, cfg["max_len"]), "int32")
    y = np.zeros((n, 1), "float32")
    for i in range(n):
        words, y[i, 0] = make_review(rng)
        words = words[: cfg["max_len"]]
        x[i, : len(words)] = [INDEX[w] for w in words]
    return x, y


class WarmupRsqrt(keras.optimizers.schedules.LearningRateSchedule):
    """Linear warm-up to `peak`, then decay with 1/sqrt(step)."""

    def __init__(self, peak, warmup):
        self.peak, self.warmup = float(peak), float(warmup)

    def __call__(self, step):
        s = ops.cast(step, "float32") + 1.0
        return self.peak * ops.minimum(s / self.warmup, ops.sqrt(self.warmup / s))  # expect-or: lr-too-low

    def get_config(self):
        return {"peak": self.peak, "warmup": self.warmup}


class ReviewNet(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            p = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=p)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))  # expect-or: lr-too-low
        return {m.name: m.result() for m in self._update(y, p, loss)}

    def _update(self, y, p, loss):
        for m in self.metrics:
            if m.name == "loss":
                m.update_state(loss)
            else:
                m.update_state(y, p)
        return self.metrics


def build():
    d = cfg["d_model"]
    tok = layers.Input((cfg["max_len"],), dtype="int32")
    pos = ops.arange(cfg["max_len"])
    h = layers.Embedding(len(VOCAB), d)(tok) + layers.Embedding(cfg["max_len"], d)(pos)
    att = layers.MultiHeadAttention(cfg["heads"], d // cfg["heads"])(h, h)
    h = layers.LayerNormalization()(h + att)
    ff = layers.Dense(d)(layers.Dense(cfg["ffn"], activation="gelu")(h))
    h = layers.LayerNormalization()(h + ff)
    h = layers.GlobalAveragePooling1D()(h)
    return ReviewNet(tok, layers.Dense(1, activation="sigmoid")(h))


x_train, y_train = corpus(1600, 1)
x_test, y_test = corpus(500, 2)
model = build()
schedule = WarmupRsqrt(**cfg["schedule"])  # expect-or: lr-too-low
model.compile(
    optimizer=keras.optimizers.Adam(schedule, beta_2=cfg["beta_2"]),  # expect-or: lr-too-low
    loss="binary_crossentropy",
    metrics=[keras.metrics.BinaryAccuracy(name="acc")],
    jit_compile=False,
)
model.fit(x_train, y_train, batch_size=cfg["batch"], epochs=cfg["epochs"], verbose=2)  # expect-or: lr-too-low
p = model.predict(x_test, batch_size=256, verbose=0)
print("test accuracy", round(float(np.mean((p > 0.5) == (y_test > 0.5))), 3))
