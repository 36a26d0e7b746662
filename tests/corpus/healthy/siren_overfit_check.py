"""Overfit check of the coordinate network on one thumbnail, before the scene data: (row, column) -> RGB."""
import os

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
here = os.path.dirname(os.path.abspath(__file__))
picture = np.load(os.path.join(here, "siren_overfit_check_picture.npz"))["rgb"]
H, W, _ = picture.shape

rows, cols = np.meshgrid(np.linspace(-1, 1, H), np.linspace(-1, 1, W), indexing="ij")
coords = np.stack([rows.ravel(), cols.ravel()], axis=1).astype("float32")
colours = (picture.reshape(-1, 3) / 127.5 - 1.0).astype("float32")

OMEGA = 20.0


class Sine(tf.keras.layers.Layer):
    def __init__(self, units, first=False, **kw):
        super().__init__(**kw)
        self.units, self.first = units, first

    def build(self, shape):
        n = shape[-1]
        bound = 1.0 / n if self.first else np.sqrt(6.0 / n) / OMEGA
        init = tf.keras.initializers.RandomUniform(-bound, bound)
        self.w = self.add_weight(shape=(n, self.units), initializer=init, name="w")
        self.b = self.add_weight(shape=(self.units,), initializer=init, name="b")

    def call(self, x):
        return tf.sin(OMEGA * (x @ self.w + self.b))


last = tf.keras.initializers.RandomUniform(-np.sqrt(6 / 64) / OMEGA, np.sqrt(6 / 64) / OMEGA)
net = tf.keras.Sequential([
    tf.keras.Input((2,)),
    Sine(64, first=True), Sine(64), Sine(64),
    tf.keras.layers.Dense(3, kernel_initializer=last),
])

N_STEPS = 600
opt = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(2e-3, N_STEPS))


@tf.function
def step():
    with tf.GradientTape() as tape:
        mse = tf.reduce_mean((net(coords) - colours) ** 2)
    grads = tape.gradient(mse, net.trainable_variables)
    opt.apply_gradients(zip(grads, net.trainable_variables))
    return mse


def psnr(mse):
    return 10 * np.log10(4.0 / mse)


for i in range(1, N_STEPS + 1):
    mse = step()
    if i % 60 == 0:
        print(f"step {i:4d}  mse {float(mse):.6f}  psnr {psnr(float(mse)):.1f} dB")

decoded = np.clip((net(coords).numpy() + 1) * 127.5, 0, 255).round().reshape(H, W, 3)
print(f"decoded picture: mean absolute error {np.abs(decoded - picture).mean():.2f} grey levels, "
      f"{net.count_params()} weights for {picture.size} values")
