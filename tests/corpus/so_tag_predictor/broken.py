"""Predict tags for short programming questions (multi-label classification).

posts.json holds [{"title": ..., "tags": [...]}, ...]
"""
import json
from pathlib import Path

import keras
import numpy as np
from keras import layers
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MultiLabelBinarizer

keras.utils.set_random_seed(7)
HERE = Path(__file__).resolve().parent


def read_posts():
    posts = json.loads((HERE / "posts.json").read_text())
    titles = [p["title"] for p in posts]
    tags = [p["tags"] for p in posts]
    return titles, tags


def build(n_terms, n_tags, prior):
    """Two hidden layers and one sigmoid per tag.

    `prior` is log(p / (1 - p)) for an average tag, see the Keras page about
    imbalanced data: without it the first epochs are spent on the base rate.
    """

    def dense(x, units, activation="relu"):
        return layers.Dense(  # expect-or: dead-relu
            units,  # expect-or: dead-relu
            activation=activation,  # expect-or: dead-relu
            bias_initializer=keras.initializers.Constant(prior),  # expect: dead-relu
        )(x)  # expect-or: dead-relu

    inputs = keras.Input((n_terms,))
    h = dense(inputs, 128)  # expect-or: dead-relu
    h = layers.Dropout(0.2)(h)
    h = dense(h, 64)  # expect-or: dead-relu
    return keras.Model(inputs, dense(h, n_tags, "sigmoid"))


titles, tags = read_posts()
binarizer = MultiLabelBinarizer()
Y = binarizer.fit_transform(tags).astype("float32")
t_train, t_test, y_train, y_test = train_test_split(
    titles, Y, test_size=0.2, random_state=1
)

tfidf = TfidfVectorizer(token_pattern=r"[^\s]+", min_df=3, sublinear_tf=True)
x_train = tfidf.fit_transform(t_train).toarray().astype("float32")
x_test = tfidf.transform(t_test).toarray().astype("float32")

rate = y_train.mean()
prior = float(np.log(rate / (1.0 - rate)))
print(f"{len(t_train)} posts, {x_train.shape[1]} terms, {Y.shape[1]} tags, "
      f"{rate:.3f} of all labels set, prior {prior:.2f}")

model = build(x_train.shape[1], Y.shape[1], prior)
model.compile(
    optimizer=keras.optimizers.Adam(2e-3),
    loss="binary_crossentropy",
    metrics=[keras.metrics.AUC(multi_label=True, name="auc")],
)
model.fit(
    x_train, y_train,
    batch_size=32,
    epochs=18,
    validation_split=0.1,
    verbose=2,
)

predicted = (model.predict(x_test, verbose=0) > 0.5).astype(int)
print("micro F1 on the test posts:",
      round(f1_score(y_test, predicted, average="micro", zero_division=0), 3))
for title, row in list(zip(t_test, predicted))[:5]:
    names = [binarizer.classes_[k] for k in np.flatnonzero(row)]
    print("  ", title[:60], "->", names)
