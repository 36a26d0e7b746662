import time
import numpy as np
import tensorflow as tf
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
from tensorflow import keras

rng = np.random.default_rng(0)
tf.random.set_seed(0)

# ---- tickets: 18 word ids each, 4 departments that use different words (plus common ones)
VOCAB, LENGTH, K = 1000, 18, 4
own = rng.permutation(VOCAB).reshape(K, -1)
N = 2600
labels = rng.integers(0, K, N)
docs = rng.integers(0, VOCAB, (N, LENGTH))
for i, c in enumerate(labels):
    m = rng.random(LENGTH) < 0.55
    docs[i, m] = rng.choice(own[c], m.sum())
docs = docs.astype("int32")
labels = labels.astype("int32")
x_tr, y_tr, x_te, y_te = docs[:2000], labels[:2000], docs[2000:], labels[2000:]

train = tf.data.Dataset.from_tensor_slices((x_tr, y_tr)).shuffle(2000).batch(100)

encoder = keras.Sequential([
    keras.Input((LENGTH,), dtype="int32"),
    keras.layers.Embedding(VOCAB, 16),
    keras.layers.GlobalAveragePooling1D(),
], name="encoder")
head = keras.Sequential([keras.Input((16,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(K)], name="head")

optimizer = keras.optimizers.Adam(1e-2)
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def unit(v):
    return v / (tf.norm(v, axis=1, keepdims=True) + 1e-8)


def run(x):
    h = encoder(x)
    h = unit(h)
    return head(h)


losses = []
for epoch in range(6):
    t0 = time.time()
    for xb, yb in train:
        with tf.GradientTape() as tape:
            logits = run(xb)
            loss = loss_fn(yb, logits)
        variables = encoder.trainable_variables + head.trainable_variables
        grads = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(grads, variables))
        losses.append(float(loss))
    acc = np.mean(np.argmax(run(x_te), 1) == y_te)
    print(f"epoch {epoch} loss {np.mean(losses[-20:]):.4f} test acc {acc:.3f} ({time.time() - t0:.1f}s)")

plt.plot(losses)
# plt.show()
print("final test accuracy", acc)
