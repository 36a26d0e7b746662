"""Crop yield from the plot log."""
import argparse
import os

import numpy as np
import pandas as pd
import tensorflow as tf

ap = argparse.ArgumentParser()
ap.add_argument("--epochs", type=int, default=30)
ap.add_argument("--log", default="plots_south.csv")  # expect-or: input-scale
args = ap.parse_args()

tf.keras.utils.set_random_seed(5)


class YieldNet(tf.keras.Model):
    def __init__(self, width=32):
        super().__init__()
        self.first = tf.keras.layers.Dense(width, activation="tanh")  # expect-or: input-scale
        self.second = tf.keras.layers.Dense(width, activation="tanh")
        self.out = tf.keras.layers.Dense(1)

    def call(self, x):
        return self.out(self.second(self.first(x)))  # expect-or: input-scale


table = pd.read_csv(os.path.join(os.path.dirname(os.path.abspath(__file__)), args.log))  # expect-or: input-scale
y = table.pop("yield").values.astype("float32").reshape(-1, 1)
x = table.values.astype("float32")  # expect-or: input-scale
n = int(0.8 * len(x))

net = YieldNet()
net.compile(optimizer=tf.keras.optimizers.Adam(0.003), loss="mse")
net.fit(x[:n], y[:n], epochs=args.epochs, batch_size=32, validation_data=(x[n:], y[n:]), verbose=2)  # expect: input-scale

rest = y[n:] - net.predict(x[n:], verbose=0)
r2 = 1 - np.sum(rest**2) / np.sum((y[n:] - y[n:].mean()) ** 2)
print(f"R2 on the last {len(rest)} plots: {r2:.3f}")
