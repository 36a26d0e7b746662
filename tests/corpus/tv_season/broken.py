# -*- coding: utf-8 -*-
# Which kind of programme is it? One line of listing text -> five genres.
# All knobs sit in an .ini next to the script.
from configparser import ConfigParser
from pathlib import Path
import random

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers as L

ini = ConfigParser()
ini.read(Path(__file__).parent / "listing_may.ini")  # expect-or: dropout-too-high
data_cfg, net_cfg, run_cfg = ini["data"], ini["model"], ini["train"]
random.seed(8); keras.utils.set_random_seed(8)

GENRES = {
    "drama":   "family secret affair village widow betrayal letter inheritance storm marriage".split(),
    "crime":   "detective murder witness secret alibi harbour evidence village suspect betrayal".split(),
    "nature":  "whale storm forest island migration river harbour nest winter wolf".split(),
    "cookery": "oven butter market family recipe village guest harvest winter cake".split(),
    "sport":   "final goal coach team injury market record guest season letter".split(),
}
FILLER = ("the a of in with new tonight part one two and his her their episode about first last "
          "from home live again week year story day into over returns").split()


def listing(genre, n_words):
    n_topic = random.randint(3, 5)
    words = random.choices(GENRES[genre], k=n_topic) + random.choices(FILLER, k=n_words - n_topic)
    random.shuffle(words)
    return " ".join(words)


names = list(GENRES)
labels = np.array([random.randrange(5) for _ in range(data_cfg.getint("rows"))])
texts = np.array([listing(names[k], data_cfg.getint("length") - random.randint(0, 4)) for k in labels])

vectorize = L.TextVectorization(output_sequence_length=data_cfg.getint("length"))
cut = int(0.8 * len(texts))
vectorize.adapt(texts[:cut])
ids = vectorize(texts).numpy()

drop = 1.0 - net_cfg.getfloat("keep_prob")  # expect-or: dropout-too-high
model = keras.Sequential([  # expect-or: dropout-too-high
    keras.Input((data_cfg.getint("length"),), dtype="int64"),
    L.Embedding(vectorize.vocabulary_size(), net_cfg.getint("embed")),
    L.SpatialDropout1D(drop),  # expect: dropout-too-high
    L.Bidirectional(L.GRU(net_cfg.getint("units"))),
    L.Dropout(drop),  # expect-or: dropout-too-high
    L.Dense(net_cfg.getint("units"), activation="relu"),
    L.Dropout(drop),  # expect-or: dropout-too-high
    L.Dense(len(names), activation="softmax"),
])
model.compile(optimizer=keras.optimizers.Adam(run_cfg.getfloat("rate")),
              loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(ids[:cut], labels[:cut], validation_data=(ids[cut:], labels[cut:]),
          epochs=run_cfg.getint("epochs"), batch_size=run_cfg.getint("batch"), verbose=2)

_, acc = model.evaluate(ids[cut:], labels[cut:], verbose=0)
print(f"held-out accuracy {acc:.3f}")
