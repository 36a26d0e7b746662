"""Encoder and head with an optimiser each (AdamW for the encoder, plain SGD for the head).

Concentric shells in 10 dimensions, three classes by radius.
"""
import numpy as np
import tensorflow as tf
from tensorflow import keras

rng = np.random.default_rng(77)
keras.utils.set_random_seed(77)

N, D = 2400, 10
pts = rng.normal(size=(N, D)).astype("float32")
dirs = pts[:, :3] * np.array([1.0, 1.3, 0.8], "float32")
radius = np.sqrt((dirs ** 2).sum(1)) + rng.normal(0, 0.04, N)
cls = np.digitize(radius, np.quantile(radius, [1 / 3, 2 / 3])).astype("int32")

n_tr = 1800
mean, std = pts[:n_tr].mean(0), pts[:n_tr].std(0)
pts = (pts - mean) / std
xtr, ytr, xva, yva = pts[:n_tr], cls[:n_tr], pts[n_tr:], cls[n_tr:]


def make_model():
    inp = keras.Input((D,))
    h = inp
    for i, units in enumerate((48, 48, 8)):
        h = keras.layers.Dense(units, activation="relu", name=f"encoder_{i}")(h)
    out = keras.layers.Dense(3, name="head")(h)
    return keras.Model(inp, out)


model = make_model()
encoder_vars = [v for v in model.trainable_variables if v.name.startswith("encoder")]  # expect: update-missing
head_vars = model.get_layer("head").trainable_variables

encoder_opt = keras.optimizers.AdamW(learning_rate=3e-3, weight_decay=1e-4)
head_opt = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
ce = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def step(x, y):
    with tf.GradientTape(persistent=True) as tape:
        logits = model(x, training=True)
        loss = ce(y, logits)
    g_enc = tape.gradient(loss, encoder_vars)  # expect-or: gradient-disconnected
    g_head = tape.gradient(loss, head_vars)
    del tape
    encoder_opt.apply(g_enc, encoder_vars)  # expect-or: update-missing
    head_opt.apply(g_head, head_vars)
    return loss, tf.reduce_mean(tf.cast(tf.argmax(logits, 1, output_type=tf.int32) == y, tf.float32))


def evaluate(x, y):
    logits = model(x, training=False)
    acc = np.mean(np.argmax(logits, 1) == y)
    return float(ce(y, logits)), float(acc)


ds = tf.data.Dataset.from_tensor_slices((xtr, ytr)).shuffle(n_tr, seed=5).batch(50)
encoder_opt.build(encoder_vars)
head_opt.build(head_vars)
for epoch in range(14):
    stats = np.mean([[float(s) for s in step(x, y)] for x, y in ds], axis=0)
    vl, va = evaluate(xva, yva)
    print(f"{epoch:3d}  train {stats[0]:.3f} / {stats[1]:.3f}   val {vl:.3f} / {va:.3f}")
print("majority share", np.bincount(yva).max() / len(yva))
