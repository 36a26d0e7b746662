import pathlib

import tensorflow as tf

tf.random.set_seed(1)
root = pathlib.Path(__file__).parent
TRAIN_FILE = root / "part_a.csv"  # expect-or: unshuffled
TEST_FILE = root / "test.csv"
N_FEATURES, N_CLASSES = 8, 6
BATCH = 32


def parse(line):
    cols = tf.io.decode_csv(line, [0.0] * N_FEATURES + [0])
    return tf.stack(cols[:-1]), cols[-1]


def stream(path, batch):
    ds = tf.data.TextLineDataset(str(path))  # expect-or: unshuffled
    return ds.map(parse).batch(batch).prefetch(1)  # expect-or: unshuffled


train_ds = stream(TRAIN_FILE, BATCH)  # expect-or: unshuffled
test_ds = stream(TEST_FILE, 480)

layer_1 = tf.keras.layers.Dense(32, activation="relu")
layer_2 = tf.keras.layers.Dense(N_CLASSES)
layer_1.build((None, N_FEATURES))
layer_2.build((None, 32))
weights = layer_1.trainable_variables + layer_2.trainable_variables
sgd = tf.keras.optimizers.SGD(0.1, momentum=0.9)


def logits_of(x):
    return layer_2(layer_1(x))


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits_of(x)))
    sgd.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


for epoch in range(8):
    total = 0.0
    for step, (x, y) in enumerate(train_ds):  # expect: unshuffled
        total += float(train_step(x, y))  # expect-or: unshuffled
    print(f"epoch {epoch + 1}: mean loss {total / (step + 1):.4f}")

hits = count = 0
for x, y in test_ds:
    guess = tf.argmax(logits_of(x), 1, output_type=tf.int32)
    hits += int(tf.reduce_sum(tf.cast(guess == y, tf.int32)))
    count += len(y)
print(f"test accuracy: {hits / count:.3f}")
