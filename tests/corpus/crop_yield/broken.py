"""Crop yield, k-fold with early stopping; compiled training step per fold."""
from dataclasses import dataclass, field
import numpy as np
import pandas as pd
import tensorflow as tf
import keras
from keras import layers
from sklearn.model_selection import KFold


@dataclass
class Plan:
    folds: int = 3
    epochs: int = 25
    batch: int = 30
    patience: int = 6
    hidden: tuple = (48, 24)
    features: list = field(default_factory=lambda: ["rain", "ph", "nitrogen", "slope", "sun", "clay", "depth"])


def read(plan, path="fields.csv"):
    frame = pd.read_csv(path)
    return frame[plan.features].to_numpy("float32"), frame["tonnes"].to_numpy("float32")  # expect-or: loss-shape


def build(plan):
    model = keras.Sequential([keras.Input((len(plan.features),))])
    for width in plan.hidden:
        model.add(layers.Dense(width, activation="relu"))
    model.add(layers.Dense(1))  # expect-or: loss-shape
    return model


def squared_error(truth, pred):
    return tf.reduce_mean(tf.square(truth - pred))  # expect-or: loss-shape


class FoldRun:
    def __init__(self, plan):
        self.plan = plan
        self.model = build(plan)
        self.optimizer = keras.optimizers.Adam(4e-3)
        self.optimizer.build(self.model.trainable_variables)
        self.step = tf.function(self._step)

    def _step(self, x, y):
        with tf.GradientTape() as tape:
            loss = squared_error(y, self.model(x, training=True))  # expect: loss-shape
        grads = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.model.trainable_variables))
        return loss

    def fit(self, x, y, xv, yv):
        data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=7).batch(self.plan.batch)  # expect-or: loss-shape
        best, wait, kept = np.inf, 0, self.model.get_weights()
        for _ in range(self.plan.epochs):
            losses = [self.step(bx, by) for bx, by in data]  # expect-or: loss-shape
            err = self.error(xv, yv)
            if err < best:
                best, wait, kept = err, 0, self.model.get_weights()
            else:
                wait += 1
            if wait >= self.plan.patience:
                break
        self.model.set_weights(kept)
        return float(np.mean([float(v) for v in losses]))

    def error(self, x, y):
        return float(np.mean((self.model(x).numpy().ravel() - y) ** 2))


def main(plan):
    keras.utils.set_random_seed(19)
    x, y = read(plan)
    scores = []
    for k, (tr, te) in enumerate(KFold(plan.folds, shuffle=True, random_state=1).split(x)):
        run = FoldRun(plan)
        loss = run.fit(x[tr], y[tr], x[te], y[te])
        scores.append(1 - run.error(x[te], y[te]) / np.var(y[te]))
        print(f"fold {k + 1} training loss {loss:.4f} R2 {scores[-1]:.3f}")
    print("mean R2 %.3f" % np.mean(scores))


if __name__ == "__main__":
    main(Plan())
