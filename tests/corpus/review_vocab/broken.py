# sentiment LSTM, loss stays at 0.69 from the first to the last epoch
import csv, json, re, os
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(0)
D = os.path.dirname(os.path.abspath(__file__))
MAXLEN = 16

with open(os.path.join(D, "vocab.json"), encoding="utf8") as fh:
    vocab = json.load(fh)  # expect-or: degenerate-feature
print("vocab size", len(vocab))

texts, labels = [], []
with open(os.path.join(D, "reviews.csv"), encoding="utf8") as fh:
    for row in csv.DictReader(fh):
        texts.append(row["text"])
        labels.append(int(row["label"]))


def encode(text):
    words = re.findall(r"[a-z']+", text.lower())
    ids = [vocab.get(w, vocab["<unk>"]) for w in words]  # expect: degenerate-feature
    ids = ids[:MAXLEN]
    return ids + [vocab["<pad>"]] * (MAXLEN - len(ids))


X = np.array([encode(t) for t in texts], dtype="int32")
y = np.array(labels, dtype="float32")
perm = np.random.permutation(len(X))
X, y = X[perm], y[perm]
cut = int(0.8 * len(X))

model = keras.Sequential([
    keras.Input((MAXLEN,), dtype="int32"),
    layers.Embedding(len(vocab), 16, mask_zero=True),
    layers.LSTM(16),
    layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.summary()
model.optimizer.learning_rate = 5e-3
model.fit(X[:cut], y[:cut], validation_data=(X[cut:], y[cut:]), epochs=10, batch_size=32, verbose=2)

for s in ["A charming film with great music", "The plot is dull and the script boring"]:
    print(s, "->", float(model.predict(np.array([encode(s)]), verbose=0)[0, 0]))
print("val accuracy", model.evaluate(X[cut:], y[cut:], verbose=0)[1])
