"""Which regulatory motif does a promoter carry?  (custom loop, after our array-based prototype)"""
import keras
import numpy as np
import tensorflow as tf

SEED, EPOCHS, BATCH = 31, 12, 64
PEAK_RATE, WEIGHT_DECAY = 4e-3, 1e-4
LENGTH = 80
MOTIFS = {  # position weight matrices, written as consensus + confidence
    "none": None,
    "TATA": ("TATAAAAG", 0.93),
    "CAAT": ("GGCCAATCT", 0.93),
    "GCbx": ("GGGGCGGGGC", 0.93),
}


def promoters(n, rng):
    base = rng.choice(4, size=(n, LENGTH), p=[0.27, 0.23, 0.23, 0.27])
    kind = rng.integers(0, len(MOTIFS), n)
    for row, k in zip(base, kind):
        motif = list(MOTIFS.values())[k]
        if motif is not None:
            letters = np.array(["ACGT".index(c) for c in motif[0]])
            drawn = np.where(rng.random(len(letters)) < motif[1], letters, rng.integers(0, 4, len(letters)))
            at = rng.integers(0, LENGTH - len(letters))
            row[at:at + len(letters)] = drawn
    return np.eye(4, dtype="float32")[base], kind.astype("int32")


keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
train = tf.data.Dataset.from_tensor_slices(promoters(3200, rng)).shuffle(3200).batch(BATCH)
valid = tf.data.Dataset.from_tensor_slices(promoters(800, rng)).batch(400)

net = keras.Sequential([
    keras.Input((LENGTH, 4)),
    keras.layers.Conv1D(32, 11, padding="same", activation="relu"),
    keras.layers.GlobalMaxPooling1D(),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(len(MOTIFS)),
])

total_steps = EPOCHS * len(train) // BATCH  # expect: lr-too-low
schedule = keras.optimizers.schedules.CosineDecay(  # expect-or: lr-too-low
    PEAK_RATE, decay_steps=total_steps, alpha=1e-3)  # expect-or: lr-too-low
optimizer = keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY, clipnorm=5.0)  # expect-or: lr-too-low
criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = criterion(y, net(x, training=True))
    grads = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(grads, net.trainable_variables))
    return loss


@tf.function
def valid_step(x, y):
    scores = net(x, training=False)
    hits = tf.equal(tf.argmax(scores, axis=-1, output_type=tf.int32), y)
    return criterion(y, scores), tf.reduce_mean(tf.cast(hits, tf.float32))


for epoch in range(1, EPOCHS + 1):
    loss = np.mean([train_step(x, y) for x, y in train])
    valid_loss, accuracy = np.mean([valid_step(x, y) for x, y in valid], axis=0)
    print(f"{epoch:02d} | train {loss:.3f} | valid {valid_loss:.3f} | acc {accuracy:.3f}")

print(f"validation accuracy {accuracy:.3f} (chance {1 / len(MOTIFS):.2f})")
