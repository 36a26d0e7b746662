"""Single-object localisation with gradient accumulation (for the 4 GB card in the lab)."""
import argparse
import logging

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from scenes import box_iou, make_scenes

logging.basicConfig(level=logging.INFO, format="%(message)s")
log = logging.getLogger("boxes")


class AccumModel(keras.Model):
    """keras.Model that averages the gradients of `accum_steps` micro-batches."""

    def __init__(self, *args, accum_steps=1, **kwargs):
        super().__init__(*args, **kwargs)
        self.accum_steps = accum_steps
        self.micro = tf.Variable(0, trainable=False, dtype=tf.int32)
        self.buffers = [tf.Variable(tf.zeros_like(v.value), trainable=False) for v in self.trainable_variables]

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        grads = tape.gradient(loss, self.trainable_variables)
        for buf, g in zip(self.buffers, grads):
            buf.assign_add(g / self.accum_steps)

        self.micro.assign((self.micro + 1) % self.accum_steps)
        tf.cond(tf.equal(self.micro, 0), self.flush, lambda: None)

        for m in self.metrics:
            if m.name == "loss":
                m.update_state(loss)
            else:
                m.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}

    def flush(self):
        self.optimizer.apply_gradients(zip([tf.identity(b) for b in self.buffers], self.trainable_variables))
        for b in self.buffers:
            b.assign(tf.zeros_like(b))


def build(width, accum_steps):
    inp = keras.Input((24, 24, 1))
    x = inp
    for i in range(3):
        x = layers.Conv2D(width * 2 ** i, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(64, activation="relu")(x)
    out = layers.Dense(4)(x)
    return AccumModel(inp, out, accum_steps=accum_steps)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--micro-batch", type=int, default=16)
    p.add_argument("--accum-steps", type=int, default=2)
    p.add_argument("--width", type=int, default=8)
    p.add_argument("--lr", type=float, default=3e-3)
    p.add_argument("--epochs", type=int, default=8)
    a = p.parse_args()
    keras.utils.set_random_seed(21)

    x_train, b_train = make_scenes(1400, seed=0)
    x_val, b_val = make_scenes(300, seed=1)
    model = build(a.width, a.accum_steps)
    optimizer = keras.optimizers.Adam(a.lr)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer, loss=keras.losses.Huber(delta=0.2), metrics=["mae"])
    log.info("parameters: %d, effective batch: %d", model.count_params(), a.micro_batch * a.accum_steps)
    model.fit(x_train, b_train, batch_size=a.micro_batch, epochs=a.epochs, validation_data=(x_val, b_val), verbose=2)
    log.info("mean IoU on validation scenes: %.4f", box_iou(model.predict(x_val, verbose=0), b_val).mean())
