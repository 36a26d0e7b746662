"""Denoise digits with a small U-Net; gradients are summed over four micro-batches
before each update and evaluation uses averaged weights."""
from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from keras.datasets import mnist

keras.utils.set_random_seed(17)

SIGMA = 0.45
MICRO, ACCUM = 16, 4
UPDATES = 104
EMA_DECAY = 0.92


def get_images() -> tuple[np.ndarray, np.ndarray]:
    (a, _), (b, _) = mnist.load_data()
    scale = lambda v: v.astype("float32")[..., None] / 255.0
    return scale(a[:2000]), scale(b[:300])


def conv(x, n):
    return L.Conv2D(n, 3, padding="same", activation="relu")(x)


def build() -> keras.Model:
    noisy = keras.Input((28, 28, 1))
    s1 = conv(noisy, 8)
    s2 = conv(L.MaxPooling2D()(s1), 16)
    mid = conv(L.MaxPooling2D()(s2), 24)
    u2 = conv(L.Concatenate()([L.UpSampling2D()(mid), s2]), 16)
    u1 = conv(L.Concatenate()([L.UpSampling2D()(u2), s1]), 8)
    delta = L.Conv2D(1, 3, padding="same", kernel_initializer="zeros")(u1)
    return keras.Model(noisy, L.Subtract()([noisy, delta]))


clean_train, clean_test = get_images()
noisy_test = clean_test + np.random.default_rng(0).normal(0, SIGMA, clean_test.shape).astype("float32")

net, averaged = build(), build()
averaged.set_weights(net.get_weights())
opt = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(5e-3, UPDATES, alpha=0.05))
opt.build(net.trainable_variables)
bank = [tf.Variable(tf.zeros_like(v), trainable=False) for v in net.trainable_variables]


@tf.function
def accumulate(clean):
    noisy = clean + tf.random.normal(tf.shape(clean), stddev=SIGMA)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(net(noisy, training=True) - clean))
    for slot, g in zip(bank, tape.gradient(loss, net.trainable_variables)):
        slot.assign_add(g / ACCUM)
    return loss


@tf.function
def flush():
    opt.apply_gradients(zip([tf.convert_to_tensor(b) for b in bank], net.trainable_variables))
    for slot in bank:
        slot.assign(tf.zeros_like(slot))
    for slow, fast in zip(averaged.trainable_variables, net.trainable_variables):
        slow.assign(EMA_DECAY * slow + (1.0 - EMA_DECAY) * fast)


def psnr(model: keras.Model | None) -> float:
    guess = noisy_test if model is None else model.predict(noisy_test, batch_size=100, verbose=0)
    return float(10 * np.log10(1.0 / np.mean((np.clip(guess, 0, 1) - clean_test) ** 2)))


stream = iter(tf.data.Dataset.from_tensor_slices(clean_train).shuffle(2000, seed=1).repeat().batch(MICRO))
print(f"PSNR of the noisy pictures: {psnr(None):.2f} dB")
for u in range(1, UPDATES + 1):
    losses = [float(accumulate(next(stream))) for _ in range(ACCUM)]
    flush()
    if u % 26 == 0:
        print(f"update {u:4d}  micro-batch mse {np.mean(losses):.5f}  "
              f"PSNR raw {psnr(net):.2f}  averaged {psnr(averaged):.2f}")
print(f"held-out PSNR with averaged weights: {psnr(averaged):.2f} dB")
