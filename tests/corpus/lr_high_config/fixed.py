"""Train a digit classifier from a configuration file."""
import json
from pathlib import Path

import keras
import tensorflow as tf
from sklearn.datasets import load_digits

CONFIG = json.loads(Path(__file__).with_name("config_fixed.json").read_text())


def build(hidden, classes=10):
    return keras.Sequential(
        [keras.layers.Dense(units, activation="tanh") for units in hidden]
        + [keras.layers.Dense(classes)]
    )


def make_step(model, optimizer):
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        optimizer.apply_gradients(
            zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        )
        return loss

    return step


def main(config):
    keras.utils.set_random_seed(config["seed"])
    x, y = load_digits(return_X_y=True)
    x = x.astype("float32") / 16.0
    model = build(config["hidden"])
    optimizer = keras.optimizers.SGD(config["learning_rate"], momentum=config["momentum"])
    step = make_step(model, optimizer)
    data = tf.data.Dataset.from_tensor_slices((x[:1500], y[:1500])).shuffle(1500).batch(config["batch"])
    for epoch in range(config["epochs"]):
        loss = sum(float(step(bx, by)) for bx, by in data) / len(data)
        print(f"epoch {epoch}: {loss:.4f}")
    accuracy = (model(x[1500:]).numpy().argmax(1) == y[1500:]).mean()
    print(f"accuracy: {accuracy:.3f}")


if __name__ == "__main__":
    main(CONFIG)
