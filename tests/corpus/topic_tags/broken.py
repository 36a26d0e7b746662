# tag recommender: each post can carry several tags
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

VOCAB, LEN, TAGS = 400, 30, 12
rng = np.random.default_rng(10)

# every tag owns a handful of keywords, the rest is filler
keywords = {t: np.arange(20 + t * 6, 26 + t * 6) for t in range(TAGS)}


def posts(n):
    y = (rng.random((n, TAGS)) < 0.16).astype("float32")
    x = rng.integers(100, VOCAB, (n, LEN))
    for k in range(n):
        slots = rng.permutation(LEN)
        for j, t in enumerate(np.flatnonzero(y[k])):
            x[k, slots[2 * j:2 * j + 2]] = rng.choice(keywords[t], 2)
    return x, y


x_train, y_train = posts(3500)
x_test, y_test = posts(800)
print("tags per post: %.2f" % y_train.sum(1).mean())

keras.utils.set_random_seed(2)
model = keras.Sequential([
    keras.Input((LEN,)),
    layers.Embedding(VOCAB, 32),
    layers.GlobalMaxPooling1D(),
    layers.Dense(64, activation="relu"),
    layers.Dense(TAGS, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="categorical_crossentropy")  # expect: loss-wrong


def micro_f1(y_true, prob):
    pred = prob > 0.5
    tp = (pred & (y_true > 0.5)).sum()
    return 2 * tp / (pred.sum() + (y_true > 0.5).sum() + 1e-9)


BATCH = 64
for epoch in range(12):
    order = rng.permutation(len(x_train))
    running = 0.0
    for s in range(0, len(order), BATCH):
        idx = order[s:s + BATCH]
        running += float(model.train_on_batch(x_train[idx], y_train[idx]))
    print(f"epoch {epoch + 1}/12 loss {running / (len(order) / BATCH):.4f}")

print("test micro-F1: %.4f" % micro_f1(y_test, model.predict(x_test, verbose=0)))
