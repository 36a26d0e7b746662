"""Multi-label photo tagging on stored descriptors, eager loop."""
from dataclasses import dataclass
import numpy as np
import tensorflow as tf
import keras
from keras import layers
import objectives_v1 as objectives  # expect-or: loss-logits


@dataclass
class Options:
    data: str = "tags.npz"
    objective: str = "tags"  # expect-or: loss-logits
    hidden: int = 48
    epochs: int = 6
    batch: int = 48
    learning_rate: float = 5e-3


class Tagger(keras.Model):
    def __init__(self, hidden, n_tags):
        super().__init__()
        self.body = keras.Sequential([layers.Dense(hidden, activation="relu"), layers.Dense(hidden, activation="relu")])
        self.tags = layers.Dense(n_tags)  # expect-or: loss-logits

    def call(self, x):
        return self.tags(self.body(x))


def f1(truth, chosen):
    hit = np.sum(truth * chosen)
    return 2 * hit / max(np.sum(truth) + np.sum(chosen), 1)


def train_epoch(model, objective, optimizer, x, y, batch, rng):
    losses = []
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch):
        take = order[start:start + batch]
        with tf.GradientTape() as tape:
            loss = objective(y[take], model(x[take]))  # expect-or: loss-logits
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
        losses.append(float(loss))
    return np.mean(losses)


def main(opt):
    keras.utils.set_random_seed(6)
    rng = np.random.default_rng(6)
    pack = np.load(opt.data)
    x, y = pack["x"].astype("float32"), pack["tags"].astype("float32")
    model = Tagger(opt.hidden, y.shape[1])
    objective = objectives.make(opt.objective)  # expect-or: loss-logits
    optimizer = keras.optimizers.Adam(opt.learning_rate)
    for epoch in range(opt.epochs):
        loss = train_epoch(model, objective, optimizer, x[:1280], y[:1280], opt.batch, rng)
        print(f"epoch {epoch + 1} loss {loss:.4f}")
    chosen = (tf.sigmoid(model(x[1280:])).numpy() > 0.5).astype("float32")
    print("held-out micro F1 %.3f, exact cells %.3f" % (f1(y[1280:], chosen), np.mean(chosen == y[1280:])))


if __name__ == "__main__":
    main(Options())
