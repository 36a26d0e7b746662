"""Linear warm-up from zero, then cosine decay: the first steps hardly move anything."""
import math

import tensorflow as tf
from sklearn.datasets import load_digits


class WarmupCosine(tf.keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak, warmup, total):
        self.peak, self.warmup, self.total = peak, warmup, total

    def __call__(self, step):
        step = tf.cast(step, tf.float32)
        rise = self.peak * step / self.warmup
        done = tf.clip_by_value((step - self.warmup) / (self.total - self.warmup), 0.0, 1.0)
        return tf.where(step < self.warmup, rise, 0.5 * self.peak * (1 + tf.cos(math.pi * done)))

    def get_config(self):
        return {"peak": self.peak, "warmup": self.warmup, "total": self.total}


tf.keras.utils.set_random_seed(4)
x, y = load_digits(return_X_y=True)
x = (x / 16).astype("float32")
model = tf.keras.Sequential([
    tf.keras.layers.Dense(64, activation="gelu"),
    tf.keras.layers.Dense(64, activation="gelu"),
    tf.keras.layers.Dense(10),
])
model.compile(
    tf.keras.optimizers.AdamW(WarmupCosine(0.01, 150, 700), weight_decay=1e-3),
    tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(x[:1400], y[:1400], epochs=16, batch_size=32, verbose=2)
print("test accuracy", model.evaluate(x[1400:], y[1400:], verbose=0)[1])
