# Tag prediction for question titles (a question can carry several tags)
import json, os
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import f1_score
from sklearn.preprocessing import MultiLabelBinarizer

tf.keras.utils.set_random_seed(17)
DIR = os.path.dirname(os.path.abspath(__file__))
MAX_LEN = 24
PAD, UNK = 0, 1

with open(os.path.join(DIR, "vocab.json")) as fh:
    vocab = {word: int(i) for i, word in json.load(fh).items()}

questions = pd.read_csv(os.path.join(DIR, "questions.csv"))
questions = questions.sample(frac=1.0, random_state=17).reset_index(drop=True)


def encode(title):
    ids = [vocab.get(word, UNK) for word in title.lower().split()]
    return ids[:MAX_LEN]


sequences = questions["title"].apply(encode)
X = tf.keras.utils.pad_sequences(sequences, maxlen=MAX_LEN, padding="post", value=PAD)

mlb = MultiLabelBinarizer()
Y = mlb.fit_transform(questions["tags"].str.split("|")).astype("float32")
print("X:", X.shape, " Y:", Y.shape, " vocabulary:", len(vocab), " tags:", list(mlb.classes_))

n_test = 320
X_train, Y_train = X[:-n_test], Y[:-n_test]
X_test, Y_test = X[-n_test:], Y[-n_test:]

model = tf.keras.Sequential()
model.add(tf.keras.layers.Input((MAX_LEN,)))
model.add(tf.keras.layers.Embedding(len(vocab), 32, mask_zero=True))
model.add(tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(24)))
model.add(tf.keras.layers.Dense(32, activation="relu"))
model.add(tf.keras.layers.Dropout(0.2))
model.add(tf.keras.layers.Dense(len(mlb.classes_), activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer=tf.keras.optimizers.Adam(3e-3), metrics=["binary_accuracy"])

model.fit(X_train, Y_train, validation_split=0.1, epochs=8, batch_size=32, verbose=2)

prob = model.predict(X_test, verbose=0)
print("first three predictions\n", prob[:3].round(2), "\n", Y_test[:3])
print("micro F1 on held out questions:", round(f1_score(Y_test, prob > 0.5, average="micro", zero_division=0), 3))
print("exact matches:", np.mean(np.all((prob > 0.5) == (Y_test > 0.5), axis=1)))
