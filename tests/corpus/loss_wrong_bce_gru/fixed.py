"""One-step-ahead forecast of a noisy, two-period load curve with a small GRU."""

import numpy as np
import tensorflow as tf

SEED = 17
WINDOW = 20
STEPS = 600
BATCH = 64


class Forecaster(tf.keras.Model):
    def __init__(self, units: int = 16):
        super().__init__()
        self.rnn = tf.keras.layers.GRU(units)
        self.out = tf.keras.layers.Dense(1)

    def call(self, windows):
        return self.out(self.rnn(windows))


def make_series(n: int, rng: np.random.Generator) -> np.ndarray:
    t = np.arange(n)
    load = 50 + 12 * np.sin(2 * np.pi * t / 24) + 6 * np.sin(2 * np.pi * t / 60)
    return load + rng.normal(scale=1.0, size=n)


def windows_of(series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x = np.lib.stride_tricks.sliding_window_view(series, WINDOW)[:-1]
    return x[..., None].astype("float32"), series[WINDOW:, None].astype("float32")


def main() -> None:
    tf.keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)

    series = make_series(2400, rng)
    series = (series - series[:1900].mean()) / series[:1900].std()
    x_train, y_train = windows_of(series[:1900])
    x_val, y_val = windows_of(series[1900:])

    data = (
        tf.data.Dataset.from_tensor_slices((x_train, y_train))
        .shuffle(len(x_train), seed=SEED)
        .repeat()
        .batch(BATCH)
        .take(STEPS)
    )

    model = Forecaster()
    optimizer = tf.keras.optimizers.Adam(5e-3)
    criterion = tf.keras.losses.MeanSquaredError()

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = criterion(y, model(x))
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
        return loss

    for i, (x, y) in enumerate(data, start=1):
        loss = step(x, y)
        if i % 100 == 0:
            print(f"step {i}: loss {float(loss):.4f}")

    forecast = model(x_val).numpy()
    mse = float(np.mean((forecast - y_val) ** 2))
    naive = float(np.mean((x_val[:, -1] - y_val) ** 2))
    print(f"validation MSE {mse:.3f} (variance {float(y_val.var()):.3f}, last value {naive:.3f})")


if __name__ == "__main__":
    main()
