# %% Ticket routing, notebook export
import json, collections, pathlib
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(6)
tickets = json.loads((pathlib.Path(__file__).parent / "tickets.json").read_text())
queues = sorted({t["queue"] for t in tickets})
len(tickets), queues

# %% vocabulary: 0 is padding, 1 is unknown
counts = collections.Counter(w for t in tickets for w in t["text"].split())
vocab = {w: i + 2 for i, (w, _) in enumerate(counts.most_common(200))}
ids = [[vocab.get(w, 1) for w in t["text"].split()] for t in tickets]
print("longest ticket:", max(map(len, ids)), "words, vocabulary:", len(vocab))

# %% pad to the limit of the mail gateway, then cut to what the network reads
MAX_MAIL, READ = 120, 20
padded = tf.keras.utils.pad_sequences(ids, maxlen=MAX_MAIL, padding="post", truncating="post")
X = padded[:, :READ]
y = np.array([queues.index(t["queue"]) for t in tickets])
print(X.shape, y.shape)

# %% split
perm = np.random.default_rng(0).permutation(len(X))
tr, te = perm[:700], perm[700:]

# %% network
router = tf.keras.Sequential([
    tf.keras.layers.Embedding(len(vocab) + 2, 16),
    tf.keras.layers.Conv1D(24, 3, padding="same", activation="relu"),
    tf.keras.layers.GlobalMaxPooling1D(),
    tf.keras.layers.Dense(len(queues), activation="softmax"),
])
router.compile(optimizer=tf.keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
router.fit(X[tr], y[tr], validation_data=(X[te], y[te]), epochs=10, batch_size=32, verbose=2)

# %% confusion matrix
guess = router.predict(X[te], verbose=0).argmax(1)
print(queues)
print(tf.math.confusion_matrix(y[te], guess).numpy())
print("accuracy", round(float((guess == y[te]).mean()), 3))
