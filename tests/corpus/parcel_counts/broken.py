# Expected number of parcels per depot-hour, Poisson deviance objective
# (same as sklearn's mean_poisson_deviance so that the curves are comparable)
import os
import numpy as np
import tensorflow as tf
from sklearn.metrics import mean_poisson_deviance

SEED = int(os.environ.get("SEED", 5))
tf.keras.utils.set_random_seed(SEED)
g = np.random.default_rng(SEED)


def make_hours(n):
    hour = g.uniform(0, 24, n)
    weekend = g.integers(0, 2, n)
    rain = g.exponential(0.5, n).clip(0, 3)
    lam = np.exp(0.9 + 1.1 * np.sin((hour - 8) * np.pi / 12) - 0.8 * weekend + 0.2 * rain)
    x = np.stack([np.sin(hour * np.pi / 12), np.cos(hour * np.pi / 12), weekend - 0.5, rain - 0.5], 1)
    return x.astype("float32"), g.poisson(lam).astype("float32")[:, None]


def poisson_deviance(y, mu):
    """2 * [ y log(y/mu) - (y - mu) ], where the first term is 0 for y = 0"""
    ylogy = tf.where(y > 0, y * tf.math.log(y / mu), 0.0)  # expect: loss-numerics
    return 2.0 * tf.reduce_mean(ylogy - (y - mu), axis=-1)


class Progress(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch % 3 == 0:
            print(f"ep {epoch:2d}  deviance {logs['loss']:.4f}  val {logs['val_loss']:.4f}")


x, y = make_hours(3000)
xv, yv = make_hours(800)
print("hours:", len(x), " mean parcels %.2f" % y.mean(), " empty hours %.0f%%" % (100 * (y == 0).mean()))

depot = tf.keras.Sequential([
    tf.keras.Input((4,)),
    tf.keras.layers.Dense(32, activation="tanh"),
    tf.keras.layers.Dense(16, activation="tanh"),
    tf.keras.layers.Dense(1, activation="exponential"),
])
depot.compile(optimizer=tf.keras.optimizers.Adam(3e-3), loss=poisson_deviance)
depot.fit(x, y, batch_size=64, epochs=16, validation_data=(xv, yv), verbose=0, callbacks=[Progress()])

pred = depot.predict(xv, verbose=0)
base = np.full_like(yv, y.mean())
print("constant rate : %.4f" % mean_poisson_deviance(yv[:, 0], base[:, 0]))
if np.isfinite(pred).all():
    print("network       : %.4f" % mean_poisson_deviance(yv[:, 0], pred[:, 0]))
else:
    print("network       : n/a, predictions:", pred[:4, 0])
