"""Rating prediction: biased matrix factorisation, trained from the interaction log."""
import csv
import logging
import pathlib
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

logging.basicConfig(level=logging.INFO, format="%(asctime)s | %(message)s", datefmt="%H:%M:%S")
logger = logging.getLogger("mf")


@dataclass
class MFConfig:
    interactions: str = "interactions.csv"
    dim: int = 64
    l2: float = 0.15
    lr: float = 0.01
    batch_size: int = 128
    epochs: int = 30
    export_dir: str = "export"


def read_log(path):
    with open(path, newline="") as f:
        rows = [(int(r["user"]), int(r["item"]), float(r["rating"])) for r in csv.DictReader(f)]
    users, items, ratings = (np.array(c) for c in zip(*rows))
    return users.astype("int32"), items.astype("int32"), ratings.astype("float32")


class MatrixFactorisation(tf.Module):
    def __init__(self, n_users, n_items, mean, cfg):
        super().__init__()
        self.mean = tf.constant(mean, tf.float32)
        self.l2 = cfg.l2
        self.p = tf.Variable(tf.random.normal([n_users, cfg.dim], stddev=0.05), name="user_factors")
        self.q = tf.Variable(tf.random.normal([n_items, cfg.dim], stddev=0.05), name="item_factors")
        self.bu = tf.Variable(tf.zeros([n_users]), name="user_bias")
        self.bi = tf.Variable(tf.zeros([n_items]), name="item_bias")

    def parts(self, u, i):
        return tf.gather(self.p, u), tf.gather(self.q, i), tf.gather(self.bu, u), tf.gather(self.bi, i)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32), tf.TensorSpec([None], tf.int32)])
    def score(self, u, i):
        p, q, bu, bi = self.parts(u, i)
        return self.mean + bu + bi + tf.reduce_sum(p * q, axis=1)

    def loss(self, u, i, r):
        p, q, bu, bi = self.parts(u, i)
        err = r - (self.mean + bu + bi + tf.reduce_sum(p * q, axis=1))
        penalty = tf.reduce_sum(p * p + q * q, axis=1) + bu * bu + bi * bi
        return tf.reduce_mean(err * err), tf.reduce_mean(err * err + self.l2 * penalty)


def main(cfg):
    tf.keras.utils.set_random_seed(1)
    users, items, ratings = read_log(cfg.interactions)
    order = np.random.permutation(len(ratings))
    cut = int(0.8 * len(order))
    tr, va = order[:cut], order[cut:]
    model = MatrixFactorisation(users.max() + 1, items.max() + 1, ratings[tr].mean(), cfg)
    logger.info("%d users, %d items, %d train ratings, %d validation ratings",
                users.max() + 1, items.max() + 1, len(tr), len(va))
    opt = tf.keras.optimizers.Adam(cfg.lr)
    opt.build(model.trainable_variables)

    @tf.function
    def train_step(u, i, r):
        with tf.GradientTape() as tape:
            mse, objective = model.loss(u, i, r)
        grads = tape.gradient(objective, model.trainable_variables)
        opt.apply_gradients([(tf.convert_to_tensor(g), v) for g, v in zip(grads, model.trainable_variables)])
        return mse

    ds = tf.data.Dataset.from_tensor_slices((users[tr], items[tr], ratings[tr])).shuffle(cut).batch(cfg.batch_size)
    for epoch in range(1, cfg.epochs + 1):
        mse = np.mean([float(train_step(*b)) for b in ds])
        val = np.sqrt(np.mean((model.score(users[va], items[va]).numpy() - ratings[va]) ** 2))
        if epoch % 3 == 0:
            logger.info("epoch %d train_rmse=%.4f val_rmse=%.4f", epoch, np.sqrt(mse), val)

    tf.train.Checkpoint(model=model).write(str(pathlib.Path(cfg.export_dir, "mf")))
    logger.info("baseline (mean rating) val_rmse=%.4f", np.std(ratings[va]))
    logger.info("final val_rmse=%.4f", val)


if __name__ == "__main__":
    main(MFConfig())
