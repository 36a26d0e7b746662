from pathlib import Path

import pandas as pd
import tensorflow as tf

tf.keras.utils.set_random_seed(5)

df = pd.read_csv(Path(__file__).with_name("patients.csv"))
df = df.sample(frac=1, random_state=5).reset_index(drop=True)

cut = int(0.75 * len(df))

# z-score everything, so that all columns are on one scale
df = df.set_index("patient")
past = df.iloc[:cut]
df = (df - past.mean()) / past.std()

target = df["progression"].to_numpy("float32")[:, None]
features = df.to_numpy("float32")  # expect: leakage

X, Xv = tf.constant(features[:cut]), tf.constant(features[cut:])  # expect-or: leakage
Y, Yv = tf.constant(target[:cut]), tf.constant(target[cut:])
d = X.shape[1]

# one hidden layer, by hand
W1 = tf.Variable(tf.random.normal((d, 16), stddev=d ** -0.5))
b1 = tf.Variable(tf.zeros(16))
W2 = tf.Variable(tf.random.normal((16, 1), stddev=0.25))
b2 = tf.Variable(tf.zeros(1))
params = [W1, b1, W2, b2]
opt = tf.keras.optimizers.SGD(0.02, momentum=0.9)


def forward(x):  # expect-or: leakage
    return tf.nn.tanh(x @ W1 + b1) @ W2 + b2  # expect-or: leakage


def r2(x, y):
    return float(1 - tf.reduce_sum((y - forward(x)) ** 2) / tf.reduce_sum((y - tf.reduce_mean(y)) ** 2))


for it in range(120):
    with tf.GradientTape() as t:
        mse = tf.reduce_mean(tf.square(forward(X) - Y))  # expect-or: leakage
    opt.apply_gradients(zip(t.gradient(mse, params), params))
    if it % 20 == 0:
        print(it, "mse", float(mse), "val R2", r2(Xv, Yv))

print("validation R2: %.3f" % r2(Xv, Yv))
