"""Federated averaging (McMahan et al. 2017) over simulated sites holding handwritten digits.

Every round: each site starts from the global weights, runs local SGD, and the server
averages the returned weights, weighted by the number of examples.
"""
from __future__ import annotations

import dataclasses
import pathlib

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class Plan:
    start: str = "global_round0_seed11.npz"
    sites: int = 4
    rounds: int = 20
    local_epochs: int = 2
    batch: int = 24
    lr: float = 0.12
    concentration: float = 3.0
    seed: int = 17


class Site(tf.Module):
    """A worker: owns local data and a scratch copy of the weights."""

    def __init__(self, x, y, shapes, plan: Plan):
        super().__init__()
        self.n = len(y)
        self.data = (tf.data.Dataset.from_tensor_slices((x, y))
                     .shuffle(self.n, seed=plan.seed).batch(plan.batch))
        self.theta = [tf.Variable(tf.zeros(s)) for s in shapes]
        self.plan = plan

    @tf.function
    def local_epoch(self):
        total, count = 0.0, 0.0
        for x, y in self.data:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
                    labels=y, logits=forward(self.theta, x)))
            for v, g in zip(self.theta, tape.gradient(loss, self.theta)):
                v.assign_sub(self.plan.lr * g)
            total += loss
            count += 1.0
        return total / count

    def work(self, global_theta):
        for v, g in zip(self.theta, global_theta):
            v.assign(g)
        for _ in range(self.plan.local_epochs):
            loss = self.local_epoch()
        return [v.numpy() for v in self.theta], float(loss)


def forward(theta, x):
    h = x
    for i in range(0, len(theta) - 2, 2):
        h = tf.nn.relu(h @ theta[i] + theta[i + 1])
    return h @ theta[-2] + theta[-1]


def read_start(path):
    with np.load(path) as z:
        layers = len(z.files) // 2
        return [z[f"{kind}{i}"] for i in range(layers) for kind in "wb"]


def split_by_site(y, plan, rng):
    """Mildly non-IID: per class, the sites' shares come from a Dirichlet distribution."""
    parts = [[] for _ in range(plan.sites)]
    for c in np.unique(y):
        idx = rng.permutation(np.flatnonzero(y == c))
        cuts = (np.cumsum(rng.dirichlet(np.full(plan.sites, plan.concentration)))[:-1] * len(idx)).astype(int)
        for part, chunk in zip(parts, np.split(idx, cuts)):
            part.extend(chunk)
    return [np.array(p) for p in parts]


def main(plan=Plan()):
    rng = np.random.default_rng(plan.seed)
    tf.random.set_seed(plan.seed)
    x, y = load_digits(return_X_y=True)
    x, y = (x / 16).astype("float32"), y.astype("int32")
    order = rng.permutation(len(y))
    test, rest = order[:400], order[400:]

    theta = read_start(HERE / plan.start)
    shapes = [t.shape for t in theta]
    sites = [Site(x[rest][p], y[rest][p], shapes, plan) for p in split_by_site(y[rest], plan, rng)]
    share = np.array([s.n for s in sites]) / sum(s.n for s in sites)
    print("examples per site:", [s.n for s in sites])

    for r in range(1, plan.rounds + 1):
        returned, losses = zip(*(s.work(theta) for s in sites))
        theta = [sum(w * t for w, t in zip(share, ts)) for ts in zip(*returned)]
        if r % 5 == 0:
            acc = np.mean(np.argmax(forward(theta, x[test]), 1) == y[test])
            print(f"round {r:2d}  local loss {np.dot(share, losses):.4f}  global test accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
