"""One-step forecast of pump pressure; everything is set by the plan file."""
import configparser
import sys
import numpy as np
import pandas as pd
import tensorflow as tf
import keras
from keras import layers

DEFAULT_PLAN = "plan_a.ini"  # expect: lr-too-high


def read_plan(path):
    plan = configparser.ConfigParser()
    with open(path) as handle:  # expect-or: lr-too-high
        plan.read_file(handle)  # expect-or: lr-too-high
    return plan


def windows(series, length):
    x = np.stack([series[i:i + length] for i in range(len(series) - length)])
    return x[..., None].astype("float32"), series[length:, None].astype("float32")


class Forecaster(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.rnn = layers.GRU(units)
        self.out = layers.Dense(1)
        self.tracker = keras.metrics.Mean(name="loss")

    def call(self, x, training=False):
        return self.out(self.rnn(x, training=training))

    @property
    def metrics(self):
        return [self.tracker]

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.keras.losses.huber(y, self(x, training=True)))
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.tracker.update_state(loss)
        return {"loss": self.tracker.result()}


def make_optimizer(section, steps):
    base = section.getfloat("base_lr")  # expect-or: lr-too-high
    schedule = keras.optimizers.schedules.CosineDecay(base, steps, alpha=section.getfloat("final_fraction"))  # expect-or: lr-too-high
    return keras.optimizers.Adam(schedule)  # expect-or: lr-too-high


def main(plan_path):
    plan = read_plan(plan_path)  # expect-or: lr-too-high
    keras.utils.set_random_seed(3)
    series = pd.read_csv(plan["data"]["file"])["pressure"].to_numpy()
    hold = plan["data"].getint("holdout")
    x, y = windows(series, plan["data"].getint("window"))
    train = plan["training"]
    epochs, batch = train.getint("epochs"), train.getint("batch")
    model = Forecaster(plan["model"].getint("units"))
    model.compile(optimizer=make_optimizer(train, epochs * ((len(x) - hold) // batch)))  # expect-or: lr-too-high
    model.fit(x[:-hold], y[:-hold], epochs=epochs, batch_size=batch, verbose=2)
    pred = model.predict(x[-hold:], verbose=0)
    print("held-out R2 %.3f" % (1 - np.mean((pred - y[-hold:]) ** 2) / np.var(y[-hold:])))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else DEFAULT_PLAN)
