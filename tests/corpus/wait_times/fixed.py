"""Quantiles of the waiting time in an emergency department, with nothing but tf.Module."""
import numpy as np
import pandas as pd
import tensorflow as tf

QUANTILES = (0.1, 0.5, 0.9)


def visits(n, seed):
    rng = np.random.default_rng(seed)
    d = pd.DataFrame({
        "queue": rng.poisson(9, n),
        "doctors": rng.integers(2, 7, n),
        "triage": rng.integers(1, 6, n),
        "hour": rng.uniform(0, 24, n),
        "age": rng.uniform(1, 95, n),
    })
    load = (d.queue + 2) / d.doctors * (1 + 0.25 * np.cos(2 * np.pi * (d.hour - 19) / 24))
    centre = 0.16 * load * d.triage ** 0.7
    d["hours"] = centre * np.exp(rng.normal(0, 0.18 + 0.06 * (d.triage - 1), n))
    return d


def features(d):
    turn = 2 * np.pi * d["hour"] / 24
    return np.stack([
        (d["queue"] - 9) / 3, (d["doctors"] - 4) / 1.4, (d["triage"] - 3) / 1.4,
        np.sin(turn), np.cos(turn), (d["age"] - 48) / 27,
    ], axis=1).astype("float32")


class Linear(tf.Module):
    def __init__(self, rows, columns):
        super().__init__()
        self.w = tf.Variable(tf.random.normal((rows, columns)) * np.sqrt(2.0 / rows))
        self.b = tf.Variable(tf.zeros(columns))

    def __call__(self, x):
        return x @ self.w + self.b


class QuantileNet(tf.Module):
    def __init__(self, columns, width=32):
        super().__init__()
        self.body = [Linear(columns, width), Linear(width, width)]
        self.heads = [Linear(width, 1) for _ in QUANTILES]

    def hidden(self, x):
        for layer in self.body:
            x = tf.nn.relu(layer(x))
        return x

    def __call__(self, x):
        h = self.hidden(x)
        return tf.concat([head(h) for head in self.heads], axis=1)

    def pinball(self, x, hours):
        h = self.hidden(x)
        total = 0.0
        for q, head in zip(QUANTILES, self.heads):
            miss = hours[:, None] - head(h)
            total += tf.reduce_mean(tf.maximum(q * miss, (q - 1) * miss))
        return total


class Adam(tf.Module):
    def __init__(self, variables, b1=0.9, b2=0.999):
        super().__init__()
        self.variables_, self.b1, self.b2 = variables, b1, b2
        self.m = [tf.Variable(tf.zeros_like(v)) for v in variables]
        self.s = [tf.Variable(tf.zeros_like(v)) for v in variables]
        self.t = tf.Variable(0.0)

    def apply(self, gradients, rate):
        self.t.assign_add(1.0)
        scale = rate * tf.sqrt(1 - self.b2 ** self.t) / (1 - self.b1 ** self.t)
        for v, g, m, s in zip(self.variables_, gradients, self.m, self.s):
            m.assign(self.b1 * m + (1 - self.b1) * g)
            s.assign(self.b2 * s + (1 - self.b2) * g * g)
            v.assign_sub(scale * m / (tf.sqrt(s) + 1e-7))


def skill(hours, predicted, reference):
    """One minus the pinball loss relative to that of the constant quantiles `reference`."""
    def loss(p):
        miss = hours[:, None] - p
        return np.mean(np.maximum(np.array(QUANTILES) * miss, (np.array(QUANTILES) - 1) * miss))
    return 1 - loss(predicted) / loss(reference)


if __name__ == "__main__":
    tf.random.set_seed(40)
    past, new = visits(4000, 40), visits(1500, 41)
    x, hours = features(past), past["hours"].to_numpy("float32")
    batches = tf.data.Dataset.from_tensor_slices((x, hours)).shuffle(4000).batch(64)

    net = QuantileNet(x.shape[1])
    adam = Adam(net.trainable_variables)

    @tf.function
    def step(xb, hb, rate):
        with tf.GradientTape() as tape:
            loss = net.pinball(xb, hb)
        adam.apply(tape.gradient(loss, net.trainable_variables), rate)
        return loss

    for epoch in range(25):
        rate = tf.constant(4e-3 * 0.5 * (1 + np.cos(np.pi * epoch / 25)), tf.float32)
        losses = [step(xb, hb, rate).numpy() for xb, hb in batches]
        if epoch % 4 == 0:
            print(f"epoch {epoch:2d}  pinball {np.mean(losses):.4f}")

    truth, predicted = new["hours"].to_numpy(), net(features(new)).numpy()
    inside = np.mean((truth > predicted[:, 0]) & (truth < predicted[:, 2]))
    print(f"80% interval holds {100 * inside:.1f}% of the new visits")
    print(f"pinball skill over constant quantiles: {skill(truth, predicted, np.quantile(hours, QUANTILES)):.3f}")
