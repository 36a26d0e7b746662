import argparse
from dataclasses import dataclass

import numpy as np
import tensorflow as tf


@dataclass
class Options:
    users: int = 300
    items: int = 180
    rank: int = 6
    ratings: int = 16000
    epochs: int = 25
    batch: int = 256
    lr: float = 0.02
    l2: float = 0.004
    seed: int = 11


def simulate(opt):
    rng = np.random.default_rng(opt.seed)
    taste = rng.normal(size=(opt.users, 5))
    trait = rng.normal(size=(opt.items, 5))
    u = rng.integers(0, opt.users, opt.ratings)
    i = rng.integers(0, opt.items, opt.ratings)
    score = 3.0 + 0.5 * (taste[u] * trait[i]).sum(1) + rng.normal(0, 0.25, opt.ratings)
    return u.astype("int32"), i.astype("int32"), score.astype("float32")


class FactorModel:
    def __init__(self, opt, mean):
        tf.random.set_seed(opt.seed)
        self.mean = tf.constant(mean, tf.float32)
        self.bias_u = tf.Variable(tf.zeros([opt.users]))
        self.bias_i = tf.Variable(tf.zeros([opt.items]))
        self.p = tf.Variable(tf.random.normal([opt.users, opt.rank], stddev=0.1))
        self.q = tf.Variable(tf.random.normal([opt.items, opt.rank], stddev=0.1))
        self.params = [self.bias_u, self.bias_i, self.p]  # expect: gradient-disconnected

    def score(self, u, i):
        dot = tf.reduce_sum(tf.gather(self.p, u) * tf.gather(self.q, i), axis=1)
        return self.mean + tf.gather(self.bias_u, u) + tf.gather(self.bias_i, i) + dot

    def penalty(self, u, i):
        return tf.reduce_mean(
            tf.reduce_sum(tf.gather(self.p, u) ** 2, axis=1)
            + tf.reduce_sum(tf.gather(self.q, i) ** 2, axis=1)
        )


def train(opt):
    u, i, r = simulate(opt)
    cut = int(0.85 * len(r))
    model = FactorModel(opt, r[:cut].mean())
    adam = tf.keras.optimizers.Adam(opt.lr)

    @tf.function
    def update(bu, bi, br):
        with tf.GradientTape() as tape:
            err = br - model.score(bu, bi)
            loss = tf.reduce_mean(err**2) + opt.l2 * model.penalty(bu, bi)
        grads = tape.gradient(loss, model.params)
        grads = [tf.convert_to_tensor(g) for g in grads]
        adam.apply_gradients(zip(grads, model.params))
        return loss

    ds = tf.data.Dataset.from_tensor_slices((u[:cut], i[:cut], r[:cut]))
    ds = ds.shuffle(cut, seed=opt.seed).batch(opt.batch)
    for epoch in range(1, opt.epochs + 1):
        losses = [update(*b).numpy() for b in ds]
        if epoch % 5 == 0:
            print(f"epoch {epoch:3d} loss {np.mean(losses):.4f}")

    guess = model.score(u[cut:], i[cut:]).numpy()
    truth = r[cut:]
    rmse = np.sqrt(np.mean((guess - truth) ** 2))
    r2 = 1 - np.sum((guess - truth) ** 2) / np.sum((truth - truth.mean()) ** 2)
    print(f"held-out rmse {rmse:.3f}  R2 {r2:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rank", type=int, default=Options.rank)
    parser.add_argument("--epochs", type=int, default=Options.epochs)
    parser.add_argument("--lr", type=float, default=Options.lr)
    args = parser.parse_args()
    train(Options(rank=args.rank, epochs=args.epochs, lr=args.lr))
