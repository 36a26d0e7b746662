"""Activity recognition from a waist sensor: conv1d + batch norm, per-activity report."""
import functools

import keras
import numpy as np
import tensorflow as tf
from keras import layers

ACTIVITIES = ["sit", "stand", "walk", "stairs", "run"]


def record(n, seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, len(ACTIVITIES), n)
    t = np.arange(64) / 32.0
    freq = np.array([0.0, 0.0, 1.5, 1.5, 3.0])[y, None]
    amp = np.array([0.0, 0.0, 0.6, 0.6, 1.3])[y, None]
    tilt = np.array([-0.6, 0.6, 0.0, 0.7, 0.2])[y, None]
    phase = rng.uniform(0, 6.28, (n, 1))
    vertical = amp * np.sin(2 * np.pi * freq * t + phase) + rng.normal(0, 0.4, (n, 64))
    forward = tilt + rng.normal(0, 0.5, (n, 64))
    return np.stack([vertical, forward], -1).astype("float32"), y.astype("int32")


def conv_bn(filters, k, stride):
    return [layers.Conv1D(filters, k, strides=stride, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.Activation("relu")]


keras.utils.set_random_seed(55)
model = keras.Sequential(
    [keras.Input((64, 2)), *conv_bn(16, 7, 2), *conv_bn(32, 5, 2),
     layers.GlobalAveragePooling1D(), layers.Dense(32), layers.BatchNormalization(momentum=0.9),
     layers.Activation("relu"), layers.Dense(len(ACTIVITIES))])
forward = functools.partial(model, training=True)
optimizer = keras.optimizers.Adam(1e-3)
xent = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        logits = forward(x)
        loss = xent(y, logits)
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables),
                                  model.trainable_variables))
    acc = tf.reduce_mean(tf.cast(tf.argmax(logits, -1, output_type=tf.int32) == y, tf.float32))
    return loss, acc


def recall_per_activity(x, y):
    out = {}
    for c, name in enumerate(ACTIVITIES):
        logits = forward(tf.constant(x[y == c]))  # expect: train-mode
        out[name] = float(np.mean(np.argmax(logits, -1) == c))
    return out


x_train, y_train = record(2500, seed=1)
x_test, y_test = record(600, seed=2)
ds = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(2500, seed=3).batch(50)
for epoch in range(6):
    stats = np.array([[float(v) for v in step(xb, yb)] for xb, yb in ds]).mean(0)
    rec = recall_per_activity(x_test, y_test)
    print("epoch %d loss %.3f acc %.3f | test mean recall %.3f"
          % (epoch + 1, stats[0], stats[1], np.mean(list(rec.values()))))
print({k: round(v, 2) for k, v in rec.items()})
