"""Day-ahead band (10 %, 50 %, 90 %) of the hourly load of a small town."""
import keras
import numpy as np
import tensorflow as tf

from evaluation_2 import validate

HISTORY, HORIZON = 72, 12
LEVELS = tf.constant([0.1, 0.5, 0.9])


def town_load(days=110, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(days * 24)
    hour, week = t % 24, t % 168
    base = 1.0 * np.sin(2 * np.pi * (hour - 8) / 24) + 0.5 * np.sin(4 * np.pi * hour / 24)
    base -= 0.7 * (week >= 120)
    drift = np.zeros(len(t))
    for i in range(1, len(t)):
        drift[i] = 0.97 * drift[i - 1] + rng.normal(0, 0.05)
    load = base + drift + rng.normal(0, 0.05, len(t))
    return ((load - load.mean()) / load.std()).astype("float32")


def windows(series, batch, shuffle):
    size = HISTORY + HORIZON
    ds = tf.data.Dataset.from_tensor_slices(series)
    ds = ds.window(size, shift=3, drop_remainder=True)
    ds = ds.flat_map(lambda w: w.batch(size))
    ds = ds.map(lambda w: (w[:HISTORY], w[HISTORY:])).cache()
    if shuffle:
        ds = ds.shuffle(2000, seed=1)
    return ds.batch(batch).prefetch(1)


def forecaster():
    past = keras.Input((HISTORY,))
    h = keras.layers.Dense(48, activation="relu")(past)
    h = keras.layers.Dense(HORIZON * 3)(h)
    return keras.Model(past, keras.layers.Reshape((HORIZON, 3))(h))


def pinball(y, q):
    e = y[:, :, None] - q
    return tf.reduce_mean(tf.maximum(LEVELS * e, (LEVELS - 1.0) * e))


def main(epochs=18):
    keras.utils.set_random_seed(14)
    load = town_load()
    cut = int(0.8 * len(load))
    train, valid = windows(load[:cut], 32, True), windows(load[cut:], 64, False)
    model = forecaster()
    opt = keras.optimizers.SGD(0.08, momentum=0.9)
    train_mae = keras.metrics.MeanAbsoluteError()

    @tf.function
    def step(past, future):
        with tf.GradientTape() as tape:
            q = model(past, training=True)
            loss = pinball(future, q)
        opt.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        train_mae.update_state(future, q[:, :, 1])
        return loss

    mae, cover = validate(model, valid)
    print(f"start     valid mae {mae:.3f}  inside the band {cover:.0%}")
    for epoch in range(1, epochs + 1):
        train_mae.reset_state()
        losses = [float(step(p, f)) for p, f in train]
        mae, cover = validate(model, valid)
        print(f"epoch {epoch:2d}  pinball {np.mean(losses):.4f}  mae {float(train_mae.result()):.3f}"
              f"  |  valid mae {mae:.3f}  inside the band {cover:.0%}")


if __name__ == "__main__":
    main()
