"""An eager loop over (dict, labels) read from a csv file, then a compiled one over its lines."""
import csv

import numpy as np
import tensorflow as tf

tf.random.set_seed(0)
rng = np.random.default_rng(0)
with open("cells.csv", "w") as file:
    file.write("size,mass,label\n")
    for _ in range(64):
        file.write(f"{rng.normal():.6f},{rng.normal():.6f},{rng.integers(0, 2)}\n")
with open("cells.csv") as file:
    rows = list(csv.reader(file))
dataset = tf.data.experimental.make_csv_dataset("cells.csv", 16, label_name="label", num_epochs=1, shuffle=False)
w = tf.Variable(tf.random.normal([2, 1], stddev=0.1))
for features, labels in dataset:
    with tf.GradientTape() as tape:
        x = tf.stack([features["mass"], features["size"]], axis=1)
        loss = tf.reduce_mean((tf.matmul(x, w)[:, 0] - tf.cast(labels, tf.float32)) ** 2)
    w.assign_sub(0.1 * tape.gradient(loss, w))


def parse(line):
    size, mass, label = tf.io.decode_csv(line, [0.0, 0.0, 0.0])
    return tf.stack([size, mass]), label


v = tf.Variable(tf.random.normal([2, 1], stddev=0.1))


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.matmul(x / tf.constant([2.0, 3.0]), v)[:, 0] - y) ** 2)
    v.assign_sub(0.1 * tape.gradient(loss, v))


lines = tf.data.TextLineDataset("cells.csv").skip(1).map(parse).batch(16)
for epoch in range(2):
    for x, y in lines:
        step(x, y)
print(len(rows), w.numpy().ravel().tolist(), v.numpy().ravel().tolist(), rng.random(), float(tf.random.uniform([])))
