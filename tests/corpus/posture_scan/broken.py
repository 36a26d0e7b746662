r"""Activity recognition from 2-second accelerometer windows.

The whole pass over the file is one graph: tf.while_loop carries the weights and the
running squares of RMSProp from batch to batch.
"""
import argparse
import pathlib
import time

import numpy as np
import tensorflow as tf

NAMES = ("lying", "sitting", "standing", "walking", "running", "stairs")
D = pathlib.Path(__file__).resolve().parent


def options():
    p = argparse.ArgumentParser()
    p.add_argument("--train", type=pathlib.Path, default=D / "train_by_activity.npz")  # expect: unshuffled
    p.add_argument("--test", type=pathlib.Path, default=D / "held_out.npz")
    p.add_argument("--passes", type=int, default=8)
    p.add_argument("--batch", type=int, default=15)
    p.add_argument("--rate", type=float, default=1.2e-2)
    p.add_argument("--hidden", type=int, default=48)
    return p.parse_args()


def load(path):
    with np.load(path) as f:
        return f["windows"].astype(np.float32), f["activity"].astype(np.int32)


def start_weights(sizes, seed=0):
    g = tf.random.Generator.from_seed(seed)
    w = []
    for a, b in zip(sizes, sizes[1:]):
        w += [g.normal((a, b), stddev=(2.0 / a) ** 0.5), tf.zeros((b,))]
    return w


def logits(w, x):
    for k in range(0, len(w) - 2, 2):
        x = tf.nn.leaky_relu(x @ w[k] + w[k + 1])
    return x @ w[-2] + w[-1]


@tf.function
def one_pass(xs, ys, w, sq, rate):
    """xs: (batches, batch, features)."""
    n = tf.shape(xs)[0]

    def body(i, total, w, sq):
        with tf.GradientTape() as tape:
            tape.watch(w)
            ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=ys[i], logits=logits(w, xs[i]))
            loss = tf.reduce_mean(ce)
        g = tape.gradient(loss, w)
        sq = [0.95 * s + 0.05 * d * d for s, d in zip(sq, g)]
        w = [p - rate * d / (tf.sqrt(s) + 1e-4) for p, d, s in zip(w, g, sq)]
        return i + 1, total + loss, w, sq

    _, total, w, sq = tf.while_loop(lambda i, *_: i < n, body, (0, 0.0, w, sq))  # expect-or: unshuffled
    return total / tf.cast(n, tf.float32), w, sq


def main():
    opt = options()
    x, y = load(opt.train)  # expect-or: unshuffled
    xt, yt = load(opt.test)
    mean, sd = x.mean(0), x.std(0)
    x, xt = (x - mean) / sd, (xt - mean) / sd

    n = len(x) // opt.batch
    xs = tf.constant(x[: n * opt.batch].reshape(n, opt.batch, -1))  # expect-or: unshuffled
    ys = tf.constant(y[: n * opt.batch].reshape(n, opt.batch))  # expect-or: unshuffled

    w = start_weights([x.shape[1], opt.hidden, opt.hidden, len(NAMES)])
    sq = [tf.zeros_like(p) for p in w]
    began = time.time()
    for p in range(opt.passes):
        rate = opt.rate / (1.0 + 0.05 * p)
        loss, w, sq = one_pass(xs, ys, w, sq, tf.constant(rate))  # expect-or: unshuffled
        print(f"pass {p + 1:2d}  loss {float(loss):.4f}")
    print(f"{opt.passes} passes in {time.time() - began:.1f} s")

    guess = np.argmax(logits(w, tf.constant(xt)), axis=1)
    for k, name in enumerate(NAMES):
        print(f"  {name:9s} recall {np.mean(guess[yt == k] == k):.2f}")
    print(f"held-out accuracy {np.mean(guess == yt):.3f}")


main()
