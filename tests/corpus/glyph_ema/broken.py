"""Digits (8x8) with a small ConvNeXt-like network. Custom loop; evaluation and export use averaged weights."""
import argparse
import contextlib
import logging
import os
import tempfile
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from tensorflow.keras import Model, layers, losses, metrics, optimizers, utils

log = logging.getLogger(__name__)


@dataclass
class Config:
    width: int = 24
    blocks: int = 2
    epochs: int = 18
    batch: int = 48
    lr: float = 3e-3
    weight_decay: float = 1e-2
    ema_decay: float = 0.98
    eval_every: int = 3
    seed: int = 2


class Block(layers.Layer):
    def __init__(self, width, **kw):
        super().__init__(**kw)
        self.dw = layers.DepthwiseConv2D(3, padding="same")
        self.norm = layers.LayerNormalization(epsilon=1e-6)
        self.up = layers.Dense(2 * width, activation="gelu")
        self.down = layers.Dense(width)

    def call(self, x):
        return x + self.down(self.up(self.norm(self.dw(x))))


class GlyphNet(Model):
    def __init__(self, cfg: Config, n_classes=10):
        super().__init__()
        self.stem = layers.Conv2D(cfg.width, 3, padding="same")
        self.stage1 = [Block(cfg.width) for _ in range(cfg.blocks)]
        self.down = layers.Conv2D(cfg.width, 2, strides=2)
        self.stage2 = [Block(cfg.width) for _ in range(cfg.blocks)]
        self.pool = layers.GlobalAveragePooling2D()
        self.norm = layers.LayerNormalization(epsilon=1e-6)
        self.head = layers.Dense(n_classes)

    def call(self, x):
        x = self.stem(x)
        for b in self.stage1:
            x = b(x)
        x = self.down(x)
        for b in self.stage2:
            x = b(x)
        return self.head(self.norm(self.pool(x)))


class WeightAverage:
    """Exponential moving average of the trainable weights."""

    def __init__(self, weights, decay):
        self.weights = weights
        self.decay = decay
        self.shadow = [tf.Variable(w, trainable=False) for w in weights]
        self.step = tf.Variable(0, dtype=tf.int64, trainable=False)

    def update(self):
        self.step.assign_add(1)
        # short memory at the beginning, so that the start does not linger
        t = tf.cast(self.step, tf.float32)
        d = tf.minimum(self.decay, (1.0 + t) / (10.0 + t))
        for avg, w in zip(self.shadow, self.weights):
            avg = d * avg + (1.0 - d) * w  # expect: update-missing

    @contextlib.contextmanager
    def applied(self):
        """Temporarily put the averaged weights into the network."""
        kept = [tf.identity(w) for w in self.weights]
        for w, avg in zip(self.weights, self.shadow):
            w.assign(avg)
        try:
            yield
        finally:
            for w, k in zip(self.weights, kept):
                w.assign(k)


class Trainer:
    def __init__(self, cfg, steps_per_epoch):
        self.cfg = cfg
        self.net = GlyphNet(cfg)
        self.net(tf.zeros((1, 8, 8, 1)))
        total = cfg.epochs * steps_per_epoch
        self.opt = optimizers.AdamW(
            optimizers.schedules.CosineDecay(1e-4, total - steps_per_epoch, warmup_target=cfg.lr, warmup_steps=steps_per_epoch, alpha=0.01),
            weight_decay=cfg.weight_decay,
            clipnorm=1.0,
        )
        self.opt.build(self.net.trainable_variables)
        self.ema = WeightAverage(self.net.trainable_variables, cfg.ema_decay)
        self.loss_fn = losses.SparseCategoricalCrossentropy(from_logits=True)
        self.m_loss, self.m_acc = metrics.Mean(), metrics.SparseCategoricalAccuracy()

    @tf.function
    def train_step(self, x, y):
        with tf.GradientTape() as tape:
            logits = self.net(x, training=True)
            loss = self.loss_fn(y, logits)
        grads = tape.gradient(loss, self.net.trainable_variables)
        self.opt.apply_gradients(zip(grads, self.net.trainable_variables))
        self.ema.update()  # expect-or: update-missing
        self.m_loss.update_state(loss)
        self.m_acc.update_state(y, logits)

    @tf.function
    def logits(self, x):
        return self.net(x, training=False)

    def evaluate(self, ds):
        self.m_loss.reset_state()
        self.m_acc.reset_state()
        with self.ema.applied():
            for x, y in ds:
                out = self.logits(x)
                self.m_loss.update_state(self.loss_fn(y, out))
                self.m_acc.update_state(y, out)
        return float(self.m_loss.result()), float(self.m_acc.result())

    def fit(self, train, val):
        for epoch in range(1, self.cfg.epochs + 1):
            self.m_loss.reset_state()
            self.m_acc.reset_state()
            for x, y in train:
                self.train_step(x, y)
            tl, ta = float(self.m_loss.result()), float(self.m_acc.result())
            if epoch % self.cfg.eval_every == 0:
                vl, va = self.evaluate(val)
                log.info("epoch %02d  train %.4f / %.3f   val %.4f / %.3f", epoch, tl, ta, vl, va)

    def export(self, folder):
        path = os.path.join(folder, "glyphnet.weights.h5")
        with self.ema.applied():
            self.net.save_weights(path)
        return path


def jitter(x, y):
    x = tf.image.random_crop(tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]), tf.shape(x))
    return x, y


def main():
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    cfg = Config()
    ap = argparse.ArgumentParser()
    for name, value in vars(cfg).items():
        ap.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    cfg = Config(**vars(ap.parse_args()))
    utils.set_random_seed(cfg.seed)

    x, y = load_digits(return_X_y=True)
    x = (x.reshape(-1, 8, 8, 1) / 16.0).astype("float32")
    x, x_te, y, y_te = train_test_split(x, y, test_size=300, stratify=y, random_state=cfg.seed)
    x_tr, x_va, y_tr, y_va = train_test_split(x, y, test_size=250, stratify=y, random_state=cfg.seed)
    train = tf.data.Dataset.from_tensor_slices((x_tr, y_tr)).shuffle(len(x_tr), seed=cfg.seed).batch(cfg.batch, drop_remainder=True).map(jitter).prefetch(2)
    val = tf.data.Dataset.from_tensor_slices((x_va, y_va)).batch(250)

    trainer = Trainer(cfg, len(x_tr) // cfg.batch)
    trainer.fit(train, val)
    path = trainer.export(tempfile.mkdtemp())
    served = GlyphNet(cfg)
    served(tf.zeros((1, 8, 8, 1)))
    served.load_weights(path)
    acc = np.mean(served.predict(x_te, verbose=0).argmax(1) == y_te)
    log.info("exported weights, test accuracy %.3f on %d digits", acc, len(y_te))


if __name__ == "__main__":
    main()
