# Strength of concrete mixes: Normalization layer inside the model, warm-up + cosine learning rate.
import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from sklearn.model_selection import train_test_split


class WarmupCosine(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak, warmup, total):
        super().__init__()
        self.peak, self.warmup, self.total = peak, warmup, total

    def __call__(self, step):
        step = ops.cast(step, "float32")
        rising = self.peak * step / self.warmup
        done = ops.clip((step - self.warmup) / (self.total - self.warmup), 0.0, 1.0)
        falling = 0.5 * self.peak * (1.0 + ops.cos(math.pi * done))  # expect-or: lr-too-low
        return ops.where(step < self.warmup, rising, falling)  # expect-or: lr-too-low

    def get_config(self):
        return {"peak": self.peak, "warmup": self.warmup, "total": self.total}


tf.random.set_seed(6)
keras.utils.set_random_seed(6)
g = np.random.default_rng(6)

n = 1800
cement, water, age = g.uniform(100, 540, n), g.uniform(120, 250, n), g.choice([3, 7, 14, 28, 90], n)
slag, sand = g.uniform(0, 350, n), g.uniform(590, 1000, n)
binder = cement + 0.5 * slag
strength = 22 * np.log(1 + binder / water) * np.log1p(age) / 2.2 - 0.01 * (sand - 800) + g.normal(0, 1.5, n)
X = np.stack([cement, slag, water, sand, age], axis=1).astype("float32")
y = ((strength - strength.mean()) / strength.std()).astype("float32")
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=300, random_state=6)

EPOCHS = 40
BATCH = 32
n_batches = len(X_train) // BATCH
schedule = WarmupCosine(peak=1.5e-3, warmup=n_batches // 2, total=EPOCHS)  # expect: lr-too-low

norm = layers.Normalization()
norm.adapt(X_train)
model = keras.Sequential([keras.Input((5,)), norm,
                          layers.Dense(64, activation="gelu"),
                          layers.Dense(64, activation="gelu"),
                          layers.Dense(1)])
model.compile(keras.optimizers.AdamW(schedule, weight_decay=1e-4), loss="mse")  # expect-or: lr-too-low
model.fit(X_train, y_train, epochs=EPOCHS, batch_size=BATCH, verbose=2, validation_data=(X_test, y_test))  # expect-or: lr-too-low

pred = model.predict(X_test, verbose=0).ravel()
print("test R2: %.3f" % (1 - ((pred - y_test) ** 2).sum() / ((y_test - y_test.mean()) ** 2).sum()))
