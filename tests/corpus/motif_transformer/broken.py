# Which of three binding motifs does a DNA read contain?  (ported from our torch repo)
import time

import numpy as np
import tensorflow as tf

from motif_net import MotifNet

device = "/CPU:0"
ALPHABET = "ACGT"
MOTIFS = ["TATAAT", "GGCGCC", "CACGTG"]
LENGTH = 30


class ReadDataset:
    def __init__(self, n, seed):
        rng = np.random.default_rng(seed)
        self.x = rng.integers(0, 4, size=(n, LENGTH)).astype("int32")
        self.y = rng.integers(0, len(MOTIFS), size=n).astype("int32")
        for i, label in enumerate(self.y):
            motif = [ALPHABET.index(c) for c in MOTIFS[label]]
            at = rng.integers(0, LENGTH - len(motif))
            self.x[i, at:at + len(motif)] = motif

    def __len__(self):
        return len(self.x)


class DataLoader:
    def __init__(self, dataset, batch_size, shuffle=False, seed=0):
        self.ds, self.bs, self.shuffle = dataset, batch_size, shuffle
        self.rng = np.random.default_rng(seed)

    def __iter__(self):
        order = self.rng.permutation(len(self.ds)) if self.shuffle else np.arange(len(self.ds))
        for i in range(0, len(order), self.bs):
            j = order[i:i + self.bs]
            yield tf.constant(self.ds.x[j]), tf.constant(self.ds.y[j])


tf.keras.utils.set_random_seed(21)
train_loader = DataLoader(ReadDataset(1500, seed=1), batch_size=64, shuffle=True)
val_loader = DataLoader(ReadDataset(160, seed=2), batch_size=1)

model = MotifNet(len(ALPHABET), LENGTH, len(MOTIFS))
criterion = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.Adam(3e-3)


@tf.function(reduce_retracing=True)
def forward(x, training=True):  # expect-or: train-mode
    return model(x, training=training)


@tf.function(reduce_retracing=True)
def train_batch(x, y):
    with tf.GradientTape() as tape:
        out = forward(x)
        loss = criterion(y, out)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss, tf.reduce_sum(tf.cast(tf.argmax(out, 1, output_type=tf.int32) == y, tf.int32))


def validate():
    losses, correct = [], 0
    for x, y in val_loader:
        out = forward(x)  # expect: train-mode
        losses.append(float(criterion(y, out)))
        correct += int(tf.argmax(out, 1)[0] == tf.cast(y[0], tf.int64))
    return np.mean(losses), correct / len(losses)


with tf.device(device):
    for epoch in range(1, 8):
        tic = time.time()
        running, hits, seen = 0.0, 0, 0
        for x, y in train_loader:
            loss, ok = train_batch(x, y)
            running += float(loss) * len(y)
            hits += int(ok)
            seen += len(y)
        vl, va = validate()
        print("[%d] loss: %.3f acc: %.3f | val loss: %.3f val acc: %.3f | %.1fs"
              % (epoch, running / seen, hits / seen, vl, va, time.time() - tic))
