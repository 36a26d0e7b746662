"""Tumour triage from cytology measurements.

The model is trained in mini-batches and scored the way the clinic will use it:
one patient per request.
"""
from dataclasses import dataclass, field

import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


@dataclass
class Options:
    width: int = 32
    epochs: int = 20
    batch: int = 32
    rate: float = 2e-3
    drop: float = 0.2
    seed: int = 13


def build_net(opt: Options) -> keras.Model:
    net = keras.Sequential(name="triage")
    net.add(keras.Input((30,)))
    for _ in range(2):
        net.add(keras.layers.Dense(opt.width, use_bias=False))
        net.add(keras.layers.BatchNormalization(momentum=0.9))
        net.add(keras.layers.Activation("relu"))
        net.add(keras.layers.Dropout(opt.drop))
    net.add(keras.layers.Dense(1))
    return net


@dataclass(eq=False)
class Trainer:
    opt: Options
    phase: str = "fit"
    log: list = field(default_factory=list)

    def __post_init__(self):
        keras.utils.set_random_seed(self.opt.seed)
        self.net = build_net(self.opt)
        self.optimizer = keras.optimizers.Adam(self.opt.rate)
        self.optimizer.build(self.net.trainable_variables)
        self.criterion = keras.losses.BinaryCrossentropy(from_logits=True)

    def forward(self, x):
        return self.net(x, training=self.phase != "valid")  # expect: train-mode

    @tf.function
    def _update(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.criterion(y, self.forward(x))
        grads = tape.gradient(loss, self.net.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.net.trainable_variables))
        return loss

    def fit(self, x, y):
        self.phase = "fit"
        data = tf.data.Dataset.from_tensor_slices((x, y[:, None])).shuffle(len(x)).batch(
            self.opt.batch, drop_remainder=True)
        for epoch in range(self.opt.epochs):
            losses = [self._update(bx, by).numpy() for bx, by in data]
            self.log.append(np.mean(losses))
            if epoch % 5 == 4:
                print(f"[{epoch + 1:02d}/{self.opt.epochs}] loss={self.log[-1]:.4f}")
        return self

    def serve(self, patients):
        self.phase = "val"  # expect-or: train-mode
        answers = []
        for row in patients:
            logit = self.forward(row[None, :])  # expect-or: train-mode
            answers.append(int(logit.numpy().item() > 0))
        return np.array(answers)


def main():
    x, y = load_breast_cancer(return_X_y=True)
    xa, xb, ya, yb = train_test_split(x, y, test_size=0.25, stratify=y, random_state=0)
    sc = StandardScaler().fit(xa)
    xa, xb = sc.transform(xa).astype("float32"), sc.transform(xb).astype("float32")
    trainer = Trainer(Options()).fit(xa, ya.astype("float32"))
    answers = trainer.serve(xb)  # expect-or: train-mode
    print("balanced accuracy per request: %.3f" % balanced_accuracy_score(yb, answers))
    print("share of benign answers: %.2f (true %.2f)" % (answers.mean(), yb.mean()))


if __name__ == "__main__":
    main()
