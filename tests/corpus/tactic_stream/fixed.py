# predicts the next tactic from the symbols of a proof goal; steps are streamed from the extraction dump
import json
import os
import tensorflow as tf
import keras
from keras import layers

HERE = os.path.dirname(os.path.abspath(__file__))
TACTICS = ["auto", "intro", "apply", "rewrite", "induction", "split", "destruct", "exact"]
TACTIC_ID = {t: i for i, t in enumerate(TACTICS)}

config = {
    "max_len": 14,
    "vocab": 162,
    "dim": 32,
    "batch_size": 32,
    "shuffle_buffer": 5000,
    "epochs": 4,
    "lr": 0.01,
}


def encode(goal):
    ids = [int(s[1:]) + 2 for s in goal.split()][:config["max_len"]]
    return ids + [0] * (config["max_len"] - len(ids))


def read_steps(filename):
    """One proof step after the other, in the order in which the extractor wrote them."""
    with open(os.path.join(HERE, filename)) as fh:
        for line in fh:
            step = json.loads(line)
            yield encode(step["goal"]), TACTIC_ID[step["tactic"]]


def as_dataset(filename):
    return tf.data.Dataset.from_generator(
        lambda: read_steps(filename),
        output_signature=(
            tf.TensorSpec((config["max_len"],), tf.int32),
            tf.TensorSpec((), tf.int32),
        ),
    ).cache()


def build_model():
    goal = keras.Input((config["max_len"],), dtype="int32")
    x = layers.Embedding(config["vocab"], config["dim"])(goal)
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dense(32, activation="relu")(x)
    logits = layers.Dense(len(TACTICS))(x)
    model = keras.Model(goal, logits)
    model.compile(
        optimizer=keras.optimizers.Adam(config["lr"]),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def main():
    keras.utils.set_random_seed(11)
    train = as_dataset("proof_steps.jsonl")
    train = train.shuffle(config["shuffle_buffer"])
    train = train.batch(config["batch_size"]).prefetch(2)
    valid = as_dataset("heldout.jsonl").batch(100)

    model = build_model()
    history = model.fit(train, validation_data=valid, epochs=config["epochs"], verbose=2)
    loss, acc = model.evaluate(valid, verbose=0)
    print("held-out: loss %.3f  accuracy %.3f" % (loss, acc))
    print("train accuracy by epoch:", [round(a, 3) for a in history.history["accuracy"]])


if __name__ == "__main__":
    main()
