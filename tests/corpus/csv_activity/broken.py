"""Activity recognition from the wrist band. One CSV per recording (train_*.csv, test_*.csv)."""
from pathlib import Path
import tensorflow as tf

HERE = Path(__file__).resolve().parent
N_SENSORS = 8
BATCH = 32
tf.keras.utils.set_random_seed(5)


def parse_line(line):
    cols = tf.io.decode_csv(line, [0.0] * N_SENSORS + [0])
    return tf.stack(cols[:-1]), cols[-1]


def lines_of(path):
    return tf.data.TextLineDataset(path).skip(1)


def reader(pattern, training):
    files = tf.data.Dataset.list_files(str(HERE / pattern), shuffle=False)
    if training:
        files = files.shuffle(2048)  # expect: pipeline-order
    rows = files.flat_map(lines_of).map(parse_line, num_parallel_calls=2)  # expect-or: pipeline-order
    return rows.batch(BATCH).prefetch(1)


def network(n_out):
    return tf.keras.Sequential([
        tf.keras.layers.Input((N_SENSORS,)),
        tf.keras.layers.Dense(48),
        tf.keras.layers.BatchNormalization(),
        tf.keras.layers.ReLU(),
        tf.keras.layers.Dense(24, activation="relu"),
        tf.keras.layers.Dense(n_out, activation="softmax"),
    ])


train_rows = reader("train_*.csv", training=True)
test_rows = reader("test_*.csv", training=False)

band = network(5)
band.compile(
    optimizer=tf.keras.optimizers.Adam(3e-3),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
band.fit(train_rows, validation_data=test_rows, epochs=12, verbose=2)
print("test accuracy: {:.3f}".format(band.evaluate(test_rows, verbose=0)[1]))
