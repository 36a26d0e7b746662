# -*- coding: utf-8 -*-
"""Sentence classifier with stacked LSTM cells, moved over from an Estimator model_fn."""
import numpy as np
import tensorflow as tf


class Params:
    vocab_size = 200
    embed_dim = 24
    max_len = 80
    num_units = (48, 10)
    batch_size = 64
    learning_rate = 0.08
    steps = 170
    lstm_activation = "tanh"


def make_reviews(n, params, seed):
    """Token ids; ids 1..40 are approving words, 41..80 are disapproving ones, the rest is filler."""
    rng = np.random.RandomState(seed)
    tokens = np.zeros((n, params.max_len), dtype=np.int32)
    labels = rng.randint(0, 2, size=n).astype(np.int32)
    for k in range(n):
        length = rng.randint(params.max_len - 30, params.max_len + 1)
        words = rng.randint(81, params.vocab_size, size=length)
        where = rng.rand(length) < 0.30
        good = rng.rand(length) < (0.70 if labels[k] == 1 else 0.30)
        opinion = np.where(good, rng.randint(1, 41, size=length), rng.randint(41, 81, size=length))
        words[where] = opinion[where]
        tokens[k, -length:] = words
    return tokens, labels


def input_fn(tokens, labels, params, training):
    ds = tf.data.Dataset.from_tensor_slices((tokens, labels))
    if training:
        ds = ds.shuffle(len(labels)).repeat()
    return ds.batch(params.batch_size)


def build(params):
    cells = [tf.keras.layers.LSTMCell(units, activation=params.lstm_activation)
             for units in params.num_units]
    features = tf.keras.Input(shape=(params.max_len,), dtype="int32")
    embedding_layer = tf.keras.layers.Embedding(params.vocab_size, params.embed_dim,
                                                embeddings_initializer=tf.keras.initializers.RandomNormal(stddev=1.5),
                                                mask_zero=True)(features)
    states = tf.keras.layers.RNN(tf.keras.layers.StackedRNNCells(cells))(embedding_layer)
    logits = tf.keras.layers.Dense(2)(states)
    return tf.keras.Model(features, logits)


def main():
    tf.keras.utils.set_random_seed(99)
    params = Params()
    x_train, y_train = make_reviews(1500, params, seed=0)
    x_eval, y_eval = make_reviews(300, params, seed=1)

    model = build(params)
    optimizer = tf.keras.optimizers.SGD(params.learning_rate, momentum=0.9)
    loss_obj = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def train_op(x, y):
        with tf.GradientTape() as tape:
            loss = loss_obj(y, model(x, training=True))
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
        return loss

    recent = []
    for step, (x, y) in enumerate(input_fn(x_train, y_train, params, True).take(params.steps), 1):
        recent.append(train_op(x, y).numpy())
        if step % 25 == 0 or step == 1:
            print("step = %d, loss = %.4f" % (step, np.mean(recent)))
            recent = []

    hits = 0
    for x, y in input_fn(x_eval, y_eval, params, False):
        hits += int(np.sum(np.argmax(model(x, training=False).numpy(), axis=1) == y.numpy()))
    print("eval accuracy = %.4f" % (hits / len(y_eval)))


if __name__ == "__main__":
    main()
