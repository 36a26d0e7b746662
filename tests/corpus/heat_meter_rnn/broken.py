import numpy as np
import pandas as pd
import tensorflow as tf
from pathlib import Path

# next-hour heat demand from the last day and a half
WINDOW, UNITS, BATCH, EPOCHS = 36, 32, 64, 9
LR, MOMENTUM, MAX_NORM = 0.01, 0.9, 1.0

np.random.seed(0); tf.random.set_seed(0)

df = pd.read_csv(Path(__file__).with_name("meter.csv"))
hour = df["hour"] % 24
feats = np.stack([
    df["load_kw"], df["outdoor_c"],
    np.sin(2 * np.pi * hour / 24), np.cos(2 * np.pi * hour / 24),
    (df["hour"] // 24 % 7 < 5).astype(float),
], axis=1).astype("float32")

cut = int(0.8 * len(feats))
mu, sd = feats[:cut].mean(0), feats[:cut].std(0)
feats = (feats - mu) / sd


def windows(a):
    X = np.stack([a[i:i + WINDOW] for i in range(len(a) - WINDOW)])
    return X, a[WINDOW:, 0]


Xtr, ytr = windows(feats[:cut])
Xte, yte = windows(feats[cut:])
train = tf.data.Dataset.from_tensor_slices((Xtr, ytr)).shuffle(len(Xtr)).batch(BATCH, drop_remainder=True)


class ReluCell(tf.keras.layers.Layer):
    """Plain ReLU recurrence that starts from the identity (Le, Jaitly & Hinton, 2015)."""

    def __init__(self, units, **kw):
        super().__init__(**kw)
        self.units = units
        self.state_size = units

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units), initializer="glorot_uniform", name="w")
        self.u = self.add_weight(shape=(self.units, self.units), initializer="identity", name="u")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

    def call(self, x, states):
        h = tf.nn.relu(x @ self.w + states[0] @ self.u + self.b)
        return h, [h]


net = tf.keras.Sequential([
    tf.keras.Input((WINDOW, feats.shape[1])),
    tf.keras.layers.RNN(ReluCell(UNITS)),
    tf.keras.layers.Dense(1),
])
opt = tf.keras.optimizers.SGD(LR, momentum=MOMENTUM)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        guess = tf.squeeze(net(x, training=True), axis=-1)
        loss = tf.reduce_mean(tf.square(guess - y))
    grads = tape.gradient(loss, net.trainable_variables)  # expect-or: exploding-gradient
    tf.clip_by_global_norm(grads, MAX_NORM)  # expect: exploding-gradient
    opt.apply_gradients(zip(grads, net.trainable_variables))  # expect-or: exploding-gradient
    return loss


for epoch in range(EPOCHS):
    losses = [float(step(x, y)) for x, y in train]
    print(f"epoch {epoch}: train mse {np.mean(losses):.4f}")

pred = net.predict(Xte, verbose=0)[:, 0]
mse = np.mean((pred - yte) ** 2)
naive = np.mean((Xte[:, -1, 0] - yte) ** 2)
print(f"test mse {mse:.4f}   last-value mse {naive:.4f}   R2 {1 - mse / yte.var():.3f}")
