"""Train the ticket router.

Arguments come from the defaults file first, then from the command line, so

    python broken.py --epochs=20

overrides a single one of them.
"""
import argparse
import sys

import keras
import tensorflow as tf
from keras import layers, regularizers

from tickets import TEAMS, tickets

DEFAULTS = "@train_2.args"


def parse():
    p = argparse.ArgumentParser(description=__doc__, fromfile_prefix_chars="@",
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--epochs", type=int, required=True)
    p.add_argument("--batch-size", type=int, required=True)
    p.add_argument("--learning-rate", type=float, required=True)
    p.add_argument("--width", type=int, required=True)
    p.add_argument("--penalty", type=float, required=True,
                   help="L2 coefficient of the embedding and the dense kernels")
    p.add_argument("--seed", type=int, required=True)
    return p.parse_args([DEFAULTS, *sys.argv[1:]])


class AttentionPool(layers.Layer):
    """Weighted mean of the word vectors; padding gets no weight."""

    def __init__(self, penalty, **kw):
        super().__init__(**kw)
        self.score = layers.Dense(1, kernel_regularizer=penalty)

    def build(self, shape):
        self.score.build(shape)
        self.built = True

    def call(self, words, present):
        logits = self.score(words)[..., 0]
        logits = logits + (1.0 - present) * -1e4
        weights = keras.ops.softmax(logits, axis=-1)
        return keras.ops.sum(weights[..., None] * words, axis=1)

    def compute_output_shape(self, words_shape, present_shape):
        return (words_shape[0], words_shape[2])


def build(args, vocabulary, length):
    penalty = regularizers.L2(args.penalty)
    ids = keras.Input((length,), dtype="int32", name="ids")
    present = keras.ops.cast(keras.ops.not_equal(ids, 0), "float32")
    words = layers.Embedding(vocabulary, args.width, embeddings_regularizer=penalty)(ids)
    h = AttentionPool(penalty)(words, present)
    h = layers.Dense(args.width, activation="relu", kernel_regularizer=penalty)(h)
    scores = layers.Dense(len(TEAMS), kernel_regularizer=penalty)(h)
    model = keras.Model(ids, scores)
    model.compile(
        optimizer=keras.optimizers.Adam(args.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def main():
    args = parse()
    keras.utils.set_random_seed(args.seed)
    texts, teams = tickets(2400, seed=args.seed)
    texts_val, teams_val = tickets(600, seed=args.seed + 500)

    vectorize = layers.TextVectorization(output_sequence_length=24)
    vectorize.adapt(texts)

    def pipeline(t, y):
        return tf.data.Dataset.from_tensor_slices((vectorize(t), y))

    train = pipeline(texts, teams).shuffle(len(texts)).batch(args.batch_size).prefetch(2)
    val = pipeline(texts_val, teams_val).batch(200)

    model = build(args, vectorize.vocabulary_size(), 24)
    model.fit(train, validation_data=val, epochs=args.epochs, verbose=2)
    _, accuracy = model.evaluate(val, verbose=0)
    print(f"routed correctly: {accuracy:.3f} of {len(texts_val)} unseen tickets")


if __name__ == "__main__":
    main()
