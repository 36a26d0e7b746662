"""Pump lifetimes: a Weibull network for the maintenance plan."""
import numpy as np
import tensorflow as tf

from likelihood import censored_weibull_nll, median_lifetime

SEED = 31


def simulate(n, rng):
    load = rng.uniform(0.2, 1.0, n)
    temp = rng.normal(60, 12, n)
    sand = rng.exponential(1.0, n)
    age = rng.uniform(0, 10, n)
    log_scale = 2.2 - 1.8 * (load - 0.6) - 0.03 * (temp - 60) - 0.35 * sand - 0.04 * age
    life = np.exp(log_scale) * rng.weibull(2.2, n)
    audit = rng.uniform(1.0, 18.0, n)
    x = np.stack([(load - 0.6) / 0.23, (temp - 60) / 12, sand - 1, (age - 5) / 2.9], 1)
    return (x.astype("float32"),
            np.minimum(life, audit).astype("float32"),
            (life <= audit).astype("float32"))


def concordance(time, observed, predicted):
    """Share of comparable pairs which are ranked in the right order."""
    earlier = (time[:, None] < time[None, :]) & (observed[:, None] > 0)
    right = predicted[:, None] < predicted[None, :]
    return (earlier & right).sum() / earlier.sum()


def make_net():
    return tf.keras.Sequential([
        tf.keras.Input((4,)),
        tf.keras.layers.Dense(24, activation="selu", kernel_initializer="lecun_normal"),
        tf.keras.layers.Dense(24, activation="selu", kernel_initializer="lecun_normal"),
        tf.keras.layers.Dense(2),
    ])


def cosine_lr(step, total, peak=4e-3, floor=2e-4):
    return floor + 0.5 * (peak - floor) * (1 + np.cos(np.pi * step / total))


def main():
    rng = np.random.default_rng(SEED)
    tf.keras.utils.set_random_seed(SEED)
    x, t, e = simulate(1500, rng)
    xv, tv, ev = simulate(500, rng)
    print(f"pumps {len(x)}, failed {e.mean():.0%}, longest record {t.max():.1f} years")

    net = make_net()
    opt = tf.keras.optimizers.Adam()
    epochs, batch = 24, 100
    total = epochs * (len(x) // batch)

    @tf.function
    def fit_batch(bx, bt, be):
        with tf.GradientTape() as tape:
            nll = censored_weibull_nll(bt, be, net(bx, training=True))
        grads = tape.gradient(nll, net.trainable_variables)
        grads, _ = tf.clip_by_global_norm(grads, 5.0)
        opt.apply_gradients(zip(grads, net.trainable_variables))
        return nll

    step = 0
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        trace = []
        for i in range(0, len(x), batch):
            opt.learning_rate.assign(cosine_lr(step, total))
            sel = order[i:i + batch]
            trace.append(float(fit_batch(x[sel], t[sel], e[sel])))
            step += 1
        if epoch % 4 == 3:
            raw = net(xv)
            c = concordance(tv, ev, median_lifetime(raw).numpy())
            print(f"epoch {epoch + 1:2d}  nll {np.mean(trace):.4f}  "
                  f"valid nll {float(censored_weibull_nll(tv, ev, raw)):.4f}  c-index {c:.3f}")


main()
