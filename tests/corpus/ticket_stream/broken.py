# Ticket routing model. Streams the warehouse export, never loads it whole.
import os
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tensorflow as tf

N_FEAT, N_QUEUES = 16, 6
TRAIN_FILE = "tickets_q4.csv"  # expect-or: unshuffled
HOLDOUT_FILE = "tickets_holdout.csv"


def parse(line):
    cols = tf.io.decode_csv(line, [0.0] * N_FEAT + [0])
    return tf.stack(cols[:N_FEAT]), cols[-1]


def stream(path, batch=50):
    return (
        tf.data.TextLineDataset(path)  # expect: unshuffled
        .skip(1)
        .map(parse, num_parallel_calls=2)
        .batch(batch)  # expect-or: unshuffled
        .prefetch(tf.data.AUTOTUNE)
    )


tf.keras.utils.set_random_seed(21)
model = tf.keras.Sequential([
    tf.keras.Input((N_FEAT,)),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(N_QUEUES, activation="softmax"),
])
opt = tf.keras.optimizers.SGD(0.05, momentum=0.9)
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy()


@tf.function
def train_batch(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    opt.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    return loss


train = stream(TRAIN_FILE)
for epoch in range(10):
    total, n = 0.0, 0
    for x, y in train:
        total += float(train_batch(x, y))
        n += 1
    print(f"epoch {epoch + 1:2d}  loss {total / n:.4f}")

acc = tf.keras.metrics.SparseCategoricalAccuracy()
for x, y in stream(HOLDOUT_FILE, 200):
    acc.update_state(y, model(x, training=False))
print(f"holdout accuracy {float(acc.result()):.4f}")
