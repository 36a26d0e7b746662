"""Multi-task net for wine samples with MISSING laboratory results.

Per bottle: cultivar (3 classes), alcohol class (binary), colour intensity (real).  Not every
bottle was sent to every laboratory: a missing result is NaN in the target table.  The losses
mask those entries -- with the NaN replaced BEFORE the loss is computed, since
0 * NaN would poison the gradient.
"""
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split


@dataclass(frozen=True)
class Config:
    hidden: int = 24
    steps: int = 400
    batch: int = 32
    rate: float = 2e-3
    missing: tuple = (0.5, 0.3, 0.3)      # share of bottles without this result
    seed: int = 12


cfg = Config()
tf.keras.utils.set_random_seed(cfg.seed)
rng = np.random.default_rng(cfg.seed)

wine = load_wine()
names = list(wine.feature_names)
alcohol, colour = names.index("alcohol"), names.index("color_intensity")
inputs = np.delete(wine.data, [alcohol, colour], axis=1)
targets = np.column_stack([wine.target, wine.data[:, alcohol] > 12.8, np.log(wine.data[:, colour])])

x_tr, x_te, t_tr, t_te = train_test_split(inputs, targets, test_size=0.3,
                                          random_state=0, stratify=wine.target)
mean, std = x_tr.mean(0), x_tr.std(0)
x_tr, x_te = ((a - mean) / std for a in (x_tr, x_te))
c_mean, c_std = t_tr[:, 2].mean(), t_tr[:, 2].std()
for t in (t_tr, t_te):
    t[:, 2] = (t[:, 2] - c_mean) / c_std

for task, share in enumerate(cfg.missing):
    t_tr[rng.random(len(t_tr)) < share, task] = np.nan
print("known results per task:", np.sum(~np.isnan(t_tr), axis=0), "of", len(t_tr))


class MultiTask(tf.keras.Model):
    def __init__(self, hidden):
        super().__init__()
        reg = tf.keras.regularizers.L2(3e-2)
        self.trunk = tf.keras.layers.Dense(hidden, activation="relu", kernel_regularizer=reg)
        self.cultivar = tf.keras.layers.Dense(3)
        self.strong = tf.keras.layers.Dense(1)
        self.colour = tf.keras.layers.Dense(1)

    def call(self, x):
        h = self.trunk(x)
        return self.cultivar(h), self.strong(h)[:, 0], self.colour(h)[:, 0]


def masked_mean(per_row, known):
    weight = tf.cast(known, tf.float32)
    return tf.math.divide_no_nan(tf.reduce_sum(per_row * weight), tf.reduce_sum(weight))


def task_losses(outputs, t):
    known = tf.math.is_finite(t)
    safe = tf.where(known, t, tf.zeros_like(t))
    cultivar, strong, colour = outputs
    ce = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(safe[:, 0], tf.int32), cultivar)
    bce = tf.nn.sigmoid_cross_entropy_with_logits(safe[:, 1], strong)
    se = tf.square(safe[:, 2] - colour)
    return [masked_mean(v, known[:, i]) for i, v in enumerate((ce, bce, se))]


net = MultiTask(cfg.hidden)
net(x_tr[:1].astype("float32"))
opt = tf.keras.optimizers.Adam(cfg.rate)


@tf.function(input_signature=[tf.TensorSpec((None, 11)), tf.TensorSpec((None, 3))])
def update(x, t):
    with tf.GradientTape() as tape:
        parts = task_losses(net(x), t)
        total = tf.add_n(parts) + tf.add_n(net.losses)
    opt.apply_gradients(zip(tape.gradient(total, net.trainable_variables), net.trainable_variables))
    return tf.stack(parts)


stream = (tf.data.Dataset.from_tensor_slices((x_tr.astype("float32"), t_tr.astype("float32")))
          .shuffle(len(x_tr), seed=cfg.seed).repeat().batch(cfg.batch).take(cfg.steps))
for i, (xb, tb) in enumerate(stream):
    parts = update(xb, tb).numpy()
    if i % 80 == 0 or i == cfg.steps - 1:
        print("step %4d  cultivar %.4f  strong %.4f  colour %.4f" % (i, *parts))

cultivar, strong, colour = (o.numpy() for o in net(x_te.astype("float32")))
print("test: cultivar accuracy %.3f, strong accuracy %.3f, colour R2 %.3f" % (
    np.mean(cultivar.argmax(1) == t_te[:, 0]),
    np.mean((strong > 0) == t_te[:, 1]),
    1 - np.mean((colour - t_te[:, 2]) ** 2) / np.var(t_te[:, 2])))
