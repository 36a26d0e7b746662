"""Diagnosis model for the biopsy measurements.

Trains on mini-batches and then scores the held-out patients one by one,
the same way as the web form at the clinic will do it.
"""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, optimizers, losses, metrics
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

SEED = 21
EPOCHS = 30
BATCH = 32


def get_data():
    bunch = load_breast_cancer()
    x = bunch.data.astype(np.float32)
    y = bunch.target.astype(np.float32).reshape(-1, 1)
    xa, xb, ya, yb = train_test_split(x, y, test_size=0.25, random_state=SEED, stratify=y)
    m, s = xa.mean(axis=0), xa.std(axis=0)
    return (xa - m) / s, ya, (xb - m) / s, yb


def build(n_in):
    inp = layers.Input(shape=(n_in,))
    h = layers.Dense(24, use_bias=False)(inp)
    h = layers.BatchNormalization(momentum=0.9)(h)
    h = layers.ReLU()(h)
    h = layers.Dense(12, use_bias=False)(h)
    h = layers.BatchNormalization(momentum=0.9)(h)
    h = layers.ReLU()(h)
    return tf.keras.Model(inp, layers.Dense(1)(h))


tf.keras.utils.set_random_seed(SEED)
x_train, y_train, x_hold, y_hold = get_data()
net = build(x_train.shape[1])
bce = losses.BinaryCrossentropy(from_logits=True)
opt = optimizers.Adam(1e-3)

train_loss = metrics.Mean()
train_acc = metrics.BinaryAccuracy(threshold=0.0)
hold_loss = metrics.Mean()
hold_acc = metrics.BinaryAccuracy(threshold=0.0)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        logit = net(x, training=True)
        loss = bce(y, logit)
    g = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(g, net.trainable_variables))
    train_loss.update_state(loss)
    train_acc.update_state(y, logit)


@tf.function
def score_step(x, y):
    logit = net(x, training=True)  # expect: train-mode
    hold_loss.update_state(bce(y, logit))
    hold_acc.update_state(y, logit)
    return tf.sigmoid(logit)


train_ds = (tf.data.Dataset.from_tensor_slices((x_train, y_train))
            .shuffle(len(x_train), seed=SEED).batch(BATCH, drop_remainder=True))
hold_ds = tf.data.Dataset.from_tensor_slices((x_hold, y_hold)).batch(1)

for epoch in range(EPOCHS):
    for m in (train_loss, train_acc):
        m.reset_state()
    for xb, yb in train_ds:
        train_step(xb, yb)
    if (epoch + 1) % 5 == 0:
        print(f"epoch {epoch + 1:3d}  loss {float(train_loss.result()):.4f}  "
              f"acc {float(train_acc.result()):.3f}")

scores = [score_step(xb, yb).numpy()[0, 0] for xb, yb in hold_ds]
print(f"held-out patients: {len(scores)}")
print(f"held-out loss {float(hold_loss.result()):.4f}  acc {float(hold_acc.result()):.3f}")
print("first scores:", np.round(scores[:8], 3), "truth:", y_hold[:8, 0].astype(int))
