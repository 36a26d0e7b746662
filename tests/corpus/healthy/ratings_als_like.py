"""Low-rank completion of a survey matrix, whole matrix in every step, plain gradient descent."""
import argparse

import numpy as np
import tensorflow as tf

cli = argparse.ArgumentParser()
cli.add_argument("--people", type=int, default=400)
cli.add_argument("--questions", type=int, default=120)
cli.add_argument("--rank", type=int, default=4)
cli.add_argument("--lr", type=float, default=50.0)
cli.add_argument("--steps", type=int, default=200)
opt = cli.parse_args()


def survey(n, m, rank, seed):
    g = np.random.default_rng(seed)
    a, b = g.normal(size=(n, rank)), g.normal(size=(m, rank))
    full = a @ b.T / np.sqrt(rank) + g.normal(0, 0.1, (n, m))
    u = g.random((n, m))
    seen = (u < 0.45).astype("float32")
    hidden = ((u >= 0.45) & (u < 0.6)).astype("float32")
    return full.astype("float32"), seen, hidden


class Factors(tf.Module):
    def __init__(self, n, m, rank):
        super().__init__()
        self.left = tf.Variable(tf.random.stateless_normal([n, rank], [1, 2]) * 0.1)
        self.right = tf.Variable(tf.random.stateless_normal([m, rank], [3, 4]) * 0.1)

    def __call__(self):
        return tf.matmul(self.left, self.right, transpose_b=True)


full, seen, hidden = survey(opt.people, opt.questions, opt.rank, seed=8)
table = Factors(opt.people, opt.questions, opt.rank)
velocity = [tf.Variable(tf.zeros_like(v)) for v in table.trainable_variables]


@tf.function
def descend():
    with tf.GradientTape() as tape:
        wrong = seen * (table() - full)
        loss = tf.reduce_mean(wrong * wrong)
    for v, m, g in zip(table.trainable_variables, velocity,
                       tape.gradient(loss, table.trainable_variables)):
        m.assign(0.6 * m + g)
        v.assign_sub(opt.lr * m)
    return loss


def rmse(mask):
    gap = (table().numpy() - full) * mask
    return np.sqrt((gap ** 2).sum() / mask.sum())


print(f"answers seen {int(seen.sum())}, hidden {int(hidden.sum())}, "
      f"std {np.std(full):.3f}")
for i in range(opt.steps + 1):
    loss = descend()
    if i % 20 == 0:
        print(f"{i:4d}  loss {float(loss):.6f}  seen rmse {rmse(seen):.3f}  hidden rmse {rmse(hidden):.3f}")
