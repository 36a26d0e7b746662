# Routes support tickets to one of four desks. Prototype on templated tickets.
import random

import keras
import numpy as np
import tensorflow as tf

SEED = 5
random.seed(SEED)
keras.utils.set_random_seed(SEED)

DESKS = ["billing", "shipping", "technical", "account"]
TOPIC = {
    "billing": "invoice charged refund payment card twice price amount vat receipt".split(),
    "shipping": "parcel courier delivery late tracking package address warehouse lost arrived".split(),
    "technical": "crash error screen update install bug freeze driver slow reboot".split(),
    "account": "password login email reset locked username profile verify signup delete".split(),
}
FILLER = ("hello please i have a problem with my order the and it is not since yesterday "
          "could you help thanks regards still waiting was told that this would be fixed").split()


def ticket(desk):
    words = random.choices(FILLER, k=random.randint(6, 14))
    words += random.choices(TOPIC[desk], k=random.randint(1, 3))
    if random.random() < 0.25:                     # customers mix topics
        other = random.choice([d for d in DESKS if d != desk])
        words += random.choices(TOPIC[other], k=1)
    random.shuffle(words)
    return " ".join(words).capitalize() + random.choice([".", "!", "?", ""])


labels = [random.randrange(len(DESKS)) for _ in range(2400)]
texts = [ticket(DESKS[k]) for k in labels]
labels = np.array(labels)

n_train, n_val = 1600, 400
train = tf.data.Dataset.from_tensor_slices((texts[:n_train], labels[:n_train]))
val = tf.data.Dataset.from_tensor_slices((texts[n_train:n_train + n_val],
                                          labels[n_train:n_train + n_val]))
test = tf.data.Dataset.from_tensor_slices((texts[n_train + n_val:], labels[n_train + n_val:]))

vectorize = keras.layers.TextVectorization(max_tokens=200, output_sequence_length=20)
vectorize.adapt(train.map(lambda t, y: t).batch(128))


def ready(ds):
    return ds.batch(32).map(lambda t, y: (vectorize(t), y)).cache().prefetch(2)


train = train.shuffle(n_train, seed=SEED)

model = keras.Sequential([
    keras.layers.Embedding(200, 16, mask_zero=True),
    keras.layers.GlobalAveragePooling1D(),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(len(DESKS), activation="softmax"),
])
model.compile(optimizer=keras.optimizers.Adam(3e-3),
              loss="sparse_categorical_crossentropy", metrics=["accuracy"])

train_batches = train.batch(32).map(lambda t, y: (vectorize(t), y)).prefetch(2)
model.fit(train_batches, validation_data=ready(val), epochs=7, verbose=2)

loss, acc = model.evaluate(ready(test), verbose=0)
print("routed to the right desk: %.1f %% (loss %.3f)" % (100 * acc, loss))
