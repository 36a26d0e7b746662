"""Route helpdesk messages to one of five queues. Settings in a TOML file."""
import random
import tomllib

import numpy as np
import tensorflow as tf
from tensorflow import keras

with open("run_2.toml", "rb") as f:
    cfg = tomllib.load(f)

WORDS = {
    "billing": "invoice charge refund card payment price receipt vat amount bank".split(),
    "network": "wifi router slow signal cable connection lag drop ping dns".split(),
    "account": "password login email reset locked username profile verify code name".split(),
    "delivery": "parcel courier late address box tracking street driver arrived damaged".split(),
    "device": "screen battery keyboard charger heat fan button noise broken speaker".split(),
}
FILLER = ("the a my is was please help today again since i we you can not with on for it "
          "problem question still yesterday morning hello thanks team urgent new old").split()
QUEUES = sorted(WORDS)


def write(rng, queue):
    other = rng.choice([q for q in QUEUES if q != queue])
    text = rng.choices(WORDS[queue], k=3) + rng.choices(WORDS[other], k=1)
    text += rng.choices(FILLER, k=rng.randint(5, 13))
    rng.shuffle(text)
    return " ".join(text)


rng = random.Random(77)
labels = [rng.randrange(len(QUEUES)) for _ in range(3600)]
texts = [write(rng, QUEUES[k]) for k in labels]
keras.utils.set_random_seed(31)

vectorise = keras.layers.TextVectorization(max_tokens=200, output_sequence_length=18)
vectorise.adapt(texts[:2600])
tokens = vectorise(tf.constant(texts)).numpy()
labels = np.array(labels)


def dataset(a, b, shuffle=False):
    ds = tf.data.Dataset.from_tensor_slices((tokens[a:b], labels[a:b]))
    if shuffle:
        ds = ds.shuffle(b - a)
    return ds.batch(cfg["fit"]["batch"]).prefetch(tf.data.AUTOTUNE)


width, heads = cfg["model"]["width"], cfg["model"]["heads"]
ids = keras.Input((18,), dtype="int64")
e = keras.layers.Embedding(200, width)(ids)
a = keras.layers.MultiHeadAttention(heads, width // heads)(e, e)
e = keras.layers.LayerNormalization()(e + a)
e = keras.layers.GlobalAveragePooling1D()(e)
e = keras.layers.Dropout(0.2)(e)
router = keras.Model(ids, keras.layers.Dense(len(QUEUES))(e))

steps = cfg["schedule"]
lr = keras.optimizers.schedules.ExponentialDecay(
    steps["start"], decay_steps=steps["every"], decay_rate=steps["rate"])
router.compile(keras.optimizers.Adam(lr),
               keras.losses.SparseCategoricalCrossentropy(from_logits=True),
               metrics=["accuracy"])
router.fit(dataset(0, 2600, True), validation_data=dataset(2600, 3100),
           epochs=cfg["fit"]["epochs"], verbose=2)
print("accuracy on new messages: %.3f" % router.evaluate(dataset(3100, 3600), verbose=0)[1])
