import math

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(60)

# hourly water level of a harbour: two tides, weather, measuring noise
HOURS = 4000
t = np.arange(HOURS)
weather = np.zeros(HOURS)
for k in range(1, HOURS):
    weather[k] = 0.97 * weather[k - 1] + 0.06 * np.random.randn()
level = np.sin(2 * math.pi * t / 12.42) + 0.45 * np.sin(2 * math.pi * t / 12.0 + 1)
level = level + weather + 0.05 * np.random.randn(HOURS)
level = ((level - level.mean()) / level.std()).astype("float32")

WINDOW, AHEAD = 24, 3
windows = np.lib.stride_tricks.sliding_window_view(level, WINDOW)[: -AHEAD, :, None]
targets = level[WINDOW + AHEAD - 1 :][: len(windows), None]
split = int(0.8 * len(windows))


class TideModel(tf.keras.Model):
    def __init__(self, units, rate):
        super().__init__()
        self.rnn = tf.keras.layers.LSTM(units)
        self.drop = tf.keras.layers.Dropout(rate)
        self.fc = tf.keras.layers.Dense(16, activation="relu")
        self.drop2 = tf.keras.layers.Dropout(rate)
        self.out = tf.keras.layers.Dense(1)

    def call(self, x, training=None):
        h = self.drop(self.rnn(x), training=training)
        h = self.drop2(self.fc(h), training=training)
        return self.out(h)


class Trainer:
    def __init__(self, model, lr=4e-3):
        self.model = model
        self.opt = tf.keras.optimizers.Adam(lr)
        self.mse = tf.keras.losses.MeanSquaredError()

    @tf.function
    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.mse(y, self.model(x, training=True))
        g = tape.gradient(loss, self.model.trainable_variables)
        self.opt.apply_gradients(zip(g, self.model.trainable_variables))
        return loss

    def run(self, ds, epochs):
        for e in range(epochs):
            mean = tf.keras.metrics.Mean()
            for x, y in ds:
                mean(self.step(x, y))
            print("epoch", e, "train mse", round(float(mean.result()), 4))


ds = tf.data.Dataset.from_tensor_slices((windows[:split], targets[:split]))
ds = ds.shuffle(split, seed=60).batch(64)
model = TideModel(32, 0.05)
Trainer(model).run(ds, epochs=8)

guess = model(windows[split:], training=False).numpy()
mse = np.mean((guess - targets[split:]) ** 2)
print(f"test mse {mse:.4f} (variance {np.var(targets[split:]):.3f})")
