"""Monthly demand for slow-moving spare parts.

Counts per part and month, four drivers (fleet age, flying hours, season, price
class).  The network gives the expected number of orders.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import tensorflow as tf

layers = tf.keras.layers


def simulate(n, seed):
    gen = np.random.default_rng(seed)
    age = gen.gamma(4.0, 2.5, n)                 # years
    hours = gen.normal(210, 60, n).clip(20)      # per month
    month = gen.integers(0, 12, n)
    pclass = gen.integers(0, 4, n)
    log_rate = (-2.0 + 0.09 * age + 0.004 * (hours - 210)
                + 0.45 * np.cos(2 * np.pi * (month - 6) / 12) - 0.3 * pclass)
    demand = gen.poisson(np.exp(log_rate + 0.35)).astype("float32")
    features = np.column_stack([
        (age - 10) / 5, (hours - 210) / 60,
        np.sin(2 * np.pi * month / 12), np.cos(2 * np.pi * month / 12),
        np.eye(4)[pclass],
    ]).astype("float32")
    return features, demand[:, None]


def poisson_deviance(y, mu):
    mu = np.maximum(mu, 1e-6)
    term = np.where(y > 0, y * np.log(np.maximum(y, 1e-9) / mu), 0.0)
    return float(2 * np.mean(term - (y - mu)))


def compile_model(n_features, options):
    net = tf.keras.Sequential(name="demand")
    net.add(layers.Input((n_features,)))
    for width in options["widths"]:
        net.add(layers.Dense(width, activation="tanh"))
    net.add(layers.Dense(1, activation="softplus"))
    net.compile(loss=options["loss"], optimizer=tf.keras.optimizers.Adam(options["step_size"]))
    return net


def report(title, y, mu):
    print(f"{title}: orders {y.sum():.0f}, forecast {mu.sum():.0f}, "
          f"deviance {poisson_deviance(y, mu):.3f}, "
          f"deviance of the plain mean {poisson_deviance(y, np.full_like(y, y.mean())):.3f}")


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--options", type=Path, default=Path(__file__).with_name("options_2.json"))
    p.add_argument("--quiet", action="store_true")
    ns = p.parse_args(argv)
    options = json.loads(ns.options.read_text())
    tf.keras.utils.set_random_seed(options["seed"])

    x, y = simulate(5000, seed=1)
    xt, yt = simulate(2000, seed=2)
    print("share of part-months without an order: %.2f" % (y == 0).mean())
    net = compile_model(x.shape[1], options)
    net.fit(x, y, epochs=options["epochs"], batch_size=64, validation_data=(xt, yt),
            verbose=0 if ns.quiet else 2)
    report("training", y, net.predict(x, verbose=0))
    report("test    ", yt, net.predict(xt, verbose=0))


if __name__ == "__main__":
    main()
