"""MNIST on a machine that is taken away now and then.

The job is started three times here (in one process, for the demonstration).  Every start
builds everything anew, restores the newest checkpoint if there is one, and does its share
of the work.  Memory is short: micro-batches of 8, gradients summed over 8 of them before
the optimiser moves.  An exponential average of the weights is what gets evaluated.
"""
import shutil
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf

MICRO, ACCUMULATE, DECAY = 8, 8, 0.98
UPDATES_PER_JOB = (200, 60, 100)            # the second job was killed early


class Trainer:
    def __init__(self, folder):
        self.model = tf.keras.Sequential([
            tf.keras.Input((28, 28)),
            tf.keras.layers.Rescaling(1.0 / 255),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(128, activation="swish"),
            tf.keras.layers.Dense(64, activation="swish"),
            tf.keras.layers.Dense(10, activation="softmax"),
        ])
        v = self.model.trainable_variables
        self.optimizer = tf.keras.optimizers.Adam(1.5e-3)
        self.optimizer.build(v)
        self.sums = [tf.Variable(tf.zeros(w.shape), trainable=False) for w in v]
        self.average = [tf.Variable(tf.convert_to_tensor(w), trainable=False) for w in v]
        self.updates = tf.Variable(0, dtype=tf.int64)
        self.loss = tf.keras.losses.SparseCategoricalCrossentropy()

        self.checkpoint = tf.train.Checkpoint(
            model=self.model, optimizer=self.optimizer, average=self.average, updates=self.updates)
        self.manager = tf.train.CheckpointManager(self.checkpoint, folder, max_to_keep=2)
        if self.manager.latest_checkpoint:
            self.checkpoint.restore(self.manager.latest_checkpoint)

    @tf.function
    def collect(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.loss(y, self.model(x, training=True))
        for s, g in zip(self.sums, tape.gradient(loss, self.model.trainable_variables)):
            s.assign_add(g / ACCUMULATE)
        return loss

    @tf.function
    def move(self):
        v = self.model.trainable_variables
        self.optimizer.apply_gradients(zip([s.value() for s in self.sums], v))
        for s, a, w in zip(self.sums, self.average, v):
            s.assign(tf.zeros_like(s))
            a.assign(DECAY * a + (1 - DECAY) * w)
        self.updates.assign_add(1)

    def accuracy(self, x, y, averaged):
        v = self.model.trainable_variables
        live = [w.numpy() for w in v]
        if averaged:
            for w, a in zip(v, self.average):
                w.assign(a)
        acc = np.mean(self.model(x, training=False).numpy().argmax(1) == y)
        for w, old in zip(v, live):
            w.assign(old)
        return acc


(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train, x_test = x_train.astype("float32"), x_test.astype("float32")
scratch = Path(tempfile.mkdtemp(prefix="mnist_job_"))

for job, budget in enumerate(UPDATES_PER_JOB):
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(1000 + job)
    trainer = Trainer(str(scratch))
    print(f"job {job}: continues at update {int(trainer.updates)}, "
          f"accuracy {trainer.accuracy(x_test, y_test, False):.3f}")

    feed = iter(tf.data.Dataset.from_tensor_slices((x_train, y_train))
                .shuffle(len(x_train), seed=job).repeat().batch(MICRO))
    losses = []
    for _ in range(budget):
        losses += [float(trainer.collect(*next(feed))) for _ in range(ACCUMULATE)]
        trainer.move()
    trainer.manager.save()
    print(f"       loss of the first / last 10 updates {np.mean(losses[:80]):.3f} / {np.mean(losses[-80:]):.3f}")

print(f"after {int(trainer.updates)} updates: test accuracy live {trainer.accuracy(x_test, y_test, False):.3f},"
      f" averaged {trainer.accuracy(x_test, y_test, True):.3f}")
shutil.rmtree(scratch)
