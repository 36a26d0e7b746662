"""Optical digits kept as text: one CSV file per digit, 64 counts (0..16) and the label per line."""

import glob
import os

import tensorflow as tf

FOLDER = os.path.dirname(os.path.abspath(__file__))
BATCH = 8

tf.random.set_seed(1)


@tf.function
def parse_line(line):
    columns = tf.io.decode_csv(line, record_defaults=[0.0] * 64 + [0])
    return tf.stack(columns[:-1]) / 16.0, columns[-1]


def training_data(pattern):
    files = sorted(glob.glob(os.path.join(FOLDER, pattern)))
    print(len(files), "files")
    dataset = tf.data.TextLineDataset(files)
    dataset = dataset.map(parse_line, num_parallel_calls=2)
    dataset = dataset.cache()
    dataset = dataset.shuffle(buffer_size=len(files))  # expect: pipeline-order
    return dataset.batch(BATCH).prefetch(2)  # expect-or: pipeline-order


def test_data(name):
    dataset = tf.data.TextLineDataset(os.path.join(FOLDER, name))
    return dataset.map(parse_line).batch(120)


def make_net():
    net = tf.keras.models.Sequential()
    net.add(tf.keras.Input(shape=(64,)))
    net.add(tf.keras.layers.Dense(64, activation="relu"))
    net.add(tf.keras.layers.Dense(32, activation="relu"))
    net.add(tf.keras.layers.Dense(10))
    return net


train = training_data("strokes/digit_*.csv")  # expect-or: pipeline-order
test = test_data("holdout.csv")

net = make_net()
net.compile(
    optimizer=tf.keras.optimizers.SGD(learning_rate=0.01, momentum=0.9),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
net.fit(train, epochs=6, validation_data=test, verbose=2)  # expect-or: pipeline-order

loss, accuracy = net.evaluate(test, verbose=0)
print("holdout loss {:.3f}, accuracy {:.3f}".format(loss, accuracy))
