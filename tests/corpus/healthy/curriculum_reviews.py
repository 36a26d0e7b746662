import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(1234)

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reviews.json")
MAXLEN = 64


class SentimentNet(tf.keras.Model):
    """Embedding, width-3 convolution, masked max pooling, logit."""

    def __init__(self, vocab, dim=24, filters=32):
        super().__init__()
        self.emb = tf.keras.layers.Embedding(vocab, dim)
        self.drop = tf.keras.layers.SpatialDropout1D(0.3)
        self.conv = tf.keras.layers.Conv1D(filters, 3, padding="same", activation="relu")
        self.norm = tf.keras.layers.LayerNormalization()
        self.pool_drop = tf.keras.layers.Dropout(0.4)
        self.out = tf.keras.layers.Dense(1)

    def call(self, ids, training=False):
        mask = tf.cast(ids > 0, tf.float32)[..., None]
        h = self.conv(self.drop(self.emb(ids), training=training) * mask) * mask
        pooled = tf.concat([tf.reduce_max(h, 1), tf.reduce_sum(h, 1) / tf.reduce_sum(mask, 1)], -1)
        return self.out(self.pool_drop(self.norm(pooled), training=training))


def tokenise(text):
    return text.lower().replace(",", " , ").replace(".", " ").replace("!", " ").split()


with open(PATH) as f:
    rows = json.load(f)
rng = np.random.default_rng(1234)
rng.shuffle(rows)
cut = int(0.8 * len(rows))

words = sorted({w for r in rows[:cut] for w in tokenise(r["text"])})
index = {w: i + 2 for i, w in enumerate(words)}            # 0 padding, 1 unknown


def encode(part):
    ids = np.zeros((len(part), MAXLEN), "int32")
    for k, r in enumerate(part):
        seq = [index.get(w, 1) for w in tokenise(r["text"])][:MAXLEN]
        ids[k, : len(seq)] = seq
    return ids, np.array([[r["stars"] >= 4] for r in part], "float32")


x, y = encode(rows[:cut])
xv, yv = encode(rows[cut:])
length = (x > 0).sum(1)
print(f"{len(x)} reviews to train on, {len(index)} words, {y.mean():.2f} positive")

# short reviews first, then longer ones, then everything
stages = [("short", length <= 14, 4), ("medium", length <= 32, 3), ("all", length <= MAXLEN, 5)]
BATCH = 32

net = SentimentNet(len(index) + 2)
loss = tf.keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)
for name, use, epochs in stages:
    xs, ys = x[use], y[use]
    ds = tf.data.Dataset.from_tensor_slices((xs, ys)).shuffle(len(xs)).batch(BATCH).prefetch(2)
    steps = epochs * -(-len(xs) // BATCH)
    # the rate starts high again in every stage
    rate = tf.keras.optimizers.schedules.CosineDecay(4e-3 if name != "all" else 2e-3, steps, alpha=0.05)
    net.compile(tf.keras.optimizers.AdamW(rate, weight_decay=0.02), loss=loss,
                metrics=[tf.keras.metrics.BinaryAccuracy("accuracy", threshold=0.0)])
    print(f"--- stage {name}: {len(xs)} reviews")
    net.fit(ds, epochs=epochs, validation_data=(xv, yv), validation_batch_size=128, verbose=2)

p = net.predict(xv, verbose=0)
print(f"validation accuracy {np.mean((p > 0) == (yv > 0.5)):.4f}  (majority {max(yv.mean(), 1 - yv.mean()):.4f})")
for row, q in list(zip(rows[cut:], p[:, 0]))[:3]:
    print(f"{q:+.2f}  {row['stars']}*  {row['text'][:70]}")
