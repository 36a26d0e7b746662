import os
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

HERE = os.path.dirname(os.path.abspath(__file__))
SETTINGS = "settings_1.yml"  # expect-or: lr-too-low


def number(text):
    try:
        return int(text)
    except ValueError:
        return float(text)


def read_settings(path):
    """Flat reader for our small .yml files (one level of nesting)."""
    out, section = {}, ""
    for line in open(path):
        line = line.split("#")[0].rstrip()
        if not line:
            continue
        key, _, value = line.strip().partition(":")
        if not line.startswith(" "):
            section = ""
        if value.strip() == "":
            section = key + "."
        else:
            out[section + key] = number(value.strip())
    return out


class Trainer:
    def __init__(self, s):
        self.s = s
        self.net = keras.Sequential([
            layers.Input((28, 28, 1)),
            layers.Conv2D(s["filters"], 3, strides=2, activation="relu"),
            layers.Conv2D(2 * s["filters"], 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(s["units"], activation="relu"),
            layers.Dense(10),
        ])
        self.opt = keras.optimizers.Adam(s["optimizer.rate"], beta_1=s["optimizer.beta_1"])  # expect: lr-too-low
        self.ce = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.seen = keras.metrics.Mean()

    @tf.function
    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.ce(y, self.net(x, training=True))
        grads = tape.gradient(loss, self.net.trainable_variables)
        self.opt.apply_gradients(zip(grads, self.net.trainable_variables))  # expect-or: lr-too-low
        self.seen.update_state(loss)

    def run(self, ds):
        for i, (x, y) in enumerate(ds.take(self.s["steps"]), 1):
            self.step(x, y)  # expect-or: lr-too-low
            if i % 50 == 0:
                print(f"step {i:4d}  loss {float(self.seen.result()):.4f}")
                self.seen.reset_state()

    def accuracy(self, x, y):
        guess = tf.argmax(self.net(x, training=False), axis=1)
        return float(tf.reduce_mean(tf.cast(guess == y, tf.float32)))


if __name__ == "__main__":
    s = read_settings(os.path.join(HERE, SETTINGS))  # expect-or: lr-too-low
    keras.utils.set_random_seed(s["seed"])
    (x_tr, y_tr), (x_te, y_te) = keras.datasets.fashion_mnist.load_data()
    x_tr = x_tr[:2000, ..., None].astype("float32") / 255.0
    x_te = x_te[:500, ..., None].astype("float32") / 255.0
    y_tr, y_te = y_tr[:2000].astype("int64"), y_te[:500].astype("int64")
    train = tf.data.Dataset.from_tensor_slices((x_tr, y_tr)).shuffle(2000, seed=1).repeat().batch(s["batch"])
    t = Trainer(s)
    t.run(train)
    print("test accuracy: %.3f" % t.accuracy(x_te, y_te))
