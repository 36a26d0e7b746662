#!/usr/bin/env python
# coding: utf-8

# # Text generation with an RNN

import time

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(5)

# ## Read the data

lines = [
    "jack and jill went up the hill to fetch a pail of water.",
    "jack fell down and broke his crown and jill came tumbling after.",
    "humpty dumpty sat on a wall, humpty dumpty had a great fall.",
    "all the king's horses and all the king's men couldn't put humpty together again.",
    "hickory dickory dock, the mouse ran up the clock.",
    "the clock struck one, the mouse ran down, hickory dickory dock.",
    "little miss muffet sat on a tuffet, eating her curds and whey.",
    "along came a spider who sat down beside her and frightened miss muffet away.",
]
order = np.random.default_rng(0)
text = "\n".join(lines[i] for i in order.integers(0, len(lines), 400)) + "\n"
print(f"Length of text: {len(text)} characters")
vocab = sorted(set(text))
print(f"{len(vocab)} unique characters")

# ## Process the text

ids_from_chars = tf.keras.layers.StringLookup(vocabulary=list(vocab), mask_token=None)
chars_from_ids = tf.keras.layers.StringLookup(
    vocabulary=ids_from_chars.get_vocabulary(), invert=True, mask_token=None
)
all_ids = ids_from_chars(tf.strings.unicode_split(text, "UTF-8"))
cut = int(0.9 * len(text))

seq_length = 60
BATCH_SIZE = 32
BUFFER_SIZE = 10000


def split_input_target(sequence):
    return sequence[:-1], sequence[1:]


def make_dataset(ids, shuffle):
    ds = tf.data.Dataset.from_tensor_slices(ids).batch(seq_length + 1, drop_remainder=True).map(split_input_target)
    if shuffle:
        ds = ds.shuffle(BUFFER_SIZE)
    return ds.batch(BATCH_SIZE, drop_remainder=True).prefetch(tf.data.AUTOTUNE)


dataset = make_dataset(all_ids[:cut], True)
held_out = make_dataset(all_ids[cut:], False)

# ## Build The Model


class MyModel(tf.keras.Model):
    def __init__(self, vocab_size, embedding_dim, rnn_units):
        super().__init__()
        self.embedding = tf.keras.layers.Embedding(vocab_size, embedding_dim)
        self.gru = tf.keras.layers.GRU(rnn_units, return_sequences=True, return_state=True)
        self.dense = tf.keras.layers.Dense(vocab_size)

    def call(self, inputs, states=None, return_state=False, training=False):
        x = self.embedding(inputs, training=training)
        if states is None:
            states = self.gru.get_initial_state(tf.shape(x)[0])[0]
        x, states = self.gru(x, initial_state=states, training=training)
        x = self.dense(x, training=training)
        return (x, states) if return_state else x


model = MyModel(len(ids_from_chars.get_vocabulary()), 32, 96)

for input_example_batch, target_example_batch in dataset.take(1):
    example_batch_predictions = model(input_example_batch)
    print(example_batch_predictions.shape, "# (batch_size, sequence_length, vocab_size)")

# ## Train the model

loss = tf.losses.SparseCategoricalCrossentropy(from_logits=True)
mean_loss = loss(target_example_batch, example_batch_predictions)
print("Mean loss before training:", round(float(mean_loss), 3), " exp:", round(float(tf.exp(mean_loss)), 1))
model.compile(optimizer=tf.keras.optimizers.Adam(0.01, clipnorm=1.0), loss=loss)
history = model.fit(dataset, epochs=9, validation_data=held_out, verbose=2)
print(f"held-out perplexity per character: {np.exp(history.history['val_loss'][-1]):.3f}")

# ## Generate text


class OneStep(tf.keras.Model):
    def __init__(self, model, chars_from_ids, ids_from_chars, temperature=1.0):
        super().__init__()
        self.temperature = temperature
        self.model = model
        self.chars_from_ids = chars_from_ids
        self.ids_from_chars = ids_from_chars
        # never generate "[UNK]"
        mask = np.zeros(len(ids_from_chars.get_vocabulary()), "float32")
        mask[int(self.ids_from_chars(["[UNK]"])[0])] = -float("inf")
        self.prediction_mask = tf.constant(mask)

    @tf.function
    def generate_one_step(self, inputs, states):
        input_chars = tf.strings.unicode_split(inputs, "UTF-8")
        input_ids = self.ids_from_chars(input_chars.to_tensor())
        logits, states = self.model(input_ids, states=states, return_state=True)
        logits = logits[:, -1, :] / self.temperature + self.prediction_mask
        ids = tf.squeeze(tf.random.categorical(logits, num_samples=1), axis=-1)
        return self.chars_from_ids(ids), states


one_step = OneStep(model, chars_from_ids, ids_from_chars, temperature=0.7)
start = time.time()
states = tf.zeros((1, 96))
next_char = tf.constant(["the "])
result = [next_char]
for _ in range(260):
    next_char, states = one_step.generate_one_step(next_char, states)
    result.append(next_char)
result = tf.strings.join(result)[0].numpy().decode("utf-8")
print(result, "\n\n" + "_" * 60)
known = {w.strip(",.") for line in lines for w in line.split()}
words = [w.strip(",.") for w in result.split()[:-1]]
print(f"{np.mean([w in known for w in words]):.0%} of {len(words)} words are real, run time {time.time() - start:.1f} s")
