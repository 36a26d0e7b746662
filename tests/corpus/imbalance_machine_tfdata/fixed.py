import numpy as np
import tensorflow as tf

from signals import record

tf.keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)

x, y = record(3000, 0.03, rng)
x_val, y_val = record(1000, 0.03, rng)

ok, worn = np.flatnonzero(y == 0), np.flatnonzero(y == 1)
print("windows:", len(ok), "ok,", len(worn), "worn")

parts = [
    tf.data.Dataset.from_tensor_slices((x[rows], y[rows])).shuffle(len(rows), seed=2).repeat()
    for rows in (ok, worn)
]
mixed = tf.data.Dataset.sample_from_datasets(parts, weights=[0.5, 0.5], seed=2)
batches = mixed.batch(64).take(500).prefetch(2)

model = tf.keras.Sequential([
    tf.keras.layers.Input((64, 1)),
    tf.keras.layers.Conv1D(8, 9, activation="relu"),
    tf.keras.layers.MaxPooling1D(4),
    tf.keras.layers.Conv1D(8, 5, activation="relu"),
    tf.keras.layers.GlobalAveragePooling1D(),
    tf.keras.layers.Dense(2),
])
adam = tf.keras.optimizers.Adam(1e-3)
mean_loss = tf.keras.metrics.Mean()


@tf.function(reduce_retracing=True)
def update(signal, label):
    with tf.GradientTape() as tape:
        logits = model(signal, training=True)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=label, logits=logits)
        loss = tf.reduce_mean(loss)
    adam.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    mean_loss.update_state(loss)


for n, (signal, label) in enumerate(batches, 1):
    update(signal, label)
    if n % 50 == 0:
        guess = model(x_val).numpy().argmax(1)
        print(f"{n:4d}  loss {mean_loss.result():.4f}  val acc {(guess == y_val).mean():.3f}")
        mean_loss.reset_state()

guess = model(x_val).numpy().argmax(1)
recall = [(guess[y_val == k] == k).mean() for k in (0, 1)]
print(f"recall ok {recall[0]:.3f}, worn {recall[1]:.3f}, mean {np.mean(recall):.3f}")
