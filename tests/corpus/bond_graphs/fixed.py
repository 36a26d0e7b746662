"""Predict a stability score of random molecules with a small message-passing network."""
import numpy as np
import tensorflow as tf

from gnn_2 import MoleculeNet
from molecules import ATOMS, collate, random_molecule

rng = np.random.default_rng(3)
tf.keras.utils.set_random_seed(3)

mols = [random_molecule(rng) for _ in range(1500)]
train, test = mols[:1200], mols[1200:]
target_mean = np.mean([m[2] for m in train])
target_std = np.std([m[2] for m in train])

model = MoleculeNet(len(ATOMS))
optimizer = tf.keras.optimizers.Adam(1e-2)
signature = {k: tf.TensorSpec([None], tf.int32) for k in ("atoms", "src", "dst", "graph")}
signature["n"] = tf.TensorSpec([], tf.int32)


@tf.function(input_signature=[signature, tf.TensorSpec([None], tf.float32)])
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(x) - y))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


def normalised(batch):
    x, y = collate(batch)
    return x, (y - target_mean) / target_std


def r2(batch):
    x, y = normalised(batch)
    return 1 - np.mean((model(x).numpy() - y) ** 2) / np.var(y)


print(f"{len(train)} molecules, score {target_mean:.2f} +- {target_std:.2f}")
for epoch in range(1, 16):
    order = rng.permutation(len(train))
    losses = []
    for i in range(0, len(order), 40):
        x, y = normalised([train[k] for k in order[i:i + 40]])
        losses.append(float(train_step(x, y)))
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d}  mse {np.mean(losses):.4f}  R2 train {r2(train):.3f}  test {r2(test):.3f}")
