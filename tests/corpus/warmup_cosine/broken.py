import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(0)

EPOCHS, BATCH = 12, 32
WARMUP_EPOCHS = 1


class WarmupCosine(keras.optimizers.schedules.LearningRateSchedule):
    """Linear warm-up to `peak`, then half a cosine down to `floor`."""

    def __init__(self, peak, warmup, total, floor=1e-6):
        self.peak, self.warmup, self.total, self.floor = peak, warmup, total, floor

    def __call__(self, step):
        step = tf.cast(step, tf.float32)
        ramp = self.peak * (step + 1.0) / self.warmup
        frac = tf.clip_by_value((step - self.warmup) / (self.total - self.warmup), 0.0, 1.0)
        cos = self.floor + 0.5 * (self.peak - self.floor) * (1.0 + tf.cos(math.pi * frac))
        return tf.where(step < self.warmup, ramp, cos)

    def get_config(self):
        return dict(peak=self.peak, warmup=self.warmup, total=self.total, floor=self.floor)


(xtr, ytr), (xte, yte) = tf.keras.datasets.fashion_mnist.load_data()
mu, sd = xtr.mean(), xtr.std()
xtr = ((xtr - mu) / sd).astype("float32")
xte = ((xte - mu) / sd).astype("float32")
per_epoch = int(np.ceil(len(xtr) / BATCH))
print(f"{len(xtr)} images, {per_epoch} batches per epoch")

schedule = WarmupCosine(0.01, warmup=WARMUP_EPOCHS, total=EPOCHS)  # expect: lr-too-low

net = keras.Sequential([
    layers.Input((28, 28)),
    layers.Flatten(),
    layers.Dense(128, activation="relu"),
    layers.Dropout(0.2),
    layers.Dense(64, activation="relu"),
    layers.Dense(10),
])
net.compile(
    optimizer=keras.optimizers.SGD(schedule, momentum=0.9),  # expect-or: lr-too-low
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
net.fit(xtr, ytr, validation_data=(xte, yte), epochs=EPOCHS, batch_size=BATCH, verbose=2)
loss, acc = net.evaluate(xte, yte, verbose=0)
print(f"test loss {loss:.3f} accuracy {acc:.3f}")
