"""Micro-batches of 10, gradients summed over 7 of them, float16 compute with loss scaling."""
import numpy as np
import tensorflow as tf
import keras
from sklearn.datasets import load_digits

keras.utils.set_random_seed(17)
keras.mixed_precision.set_global_policy("mixed_float16")

MICRO, ACCUM, EPOCHS = 10, 7, 9

x, y = load_digits(return_X_y=True)
where = np.random.default_rng(17).permutation(len(y))
x, y = x[where].astype("float32") / 16.0, y[where].astype("int32")
xa, ya, xb, yb = x[:1400], y[:1400], x[1400:], y[1400:]

mlp = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dropout(0.5),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dropout(0.5),
    keras.layers.Dense(10, dtype="float32"),
])
xent = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
opt = keras.mixed_precision.LossScaleOptimizer(keras.optimizers.Adam(5e-3), initial_scale=2.0**12)
opt.build(mlp.trainable_variables)
bag = [tf.Variable(tf.zeros_like(v), trainable=False) for v in mlp.trainable_variables]
seen = keras.metrics.Mean()
right = keras.metrics.SparseCategoricalAccuracy()


@tf.function
def micro_step(x, y):
    with tf.GradientTape() as tape:
        loss = xent(y, mlp(x, training=True))
        scaled = opt.scale_loss(loss / ACCUM)
    for slot, g in zip(bag, tape.gradient(scaled, mlp.trainable_variables)):
        slot.assign_add(g)
    seen.update_state(loss)


@tf.function
def flush():
    opt.apply([tf.convert_to_tensor(s) for s in bag], mlp.trainable_variables)
    for s in bag:
        s.assign(tf.zeros_like(s))


feed = (
    tf.data.Dataset.from_tensor_slices((xa, ya))
    .shuffle(len(xa), seed=3)
    .batch(MICRO, drop_remainder=True)
    .prefetch(4)
)
for epoch in range(EPOCHS):
    seen.reset_state()
    right.reset_state()
    pending = 0
    for x, y in feed:
        micro_step(x, y)
        pending += 1
        if pending == ACCUM:
            flush()
            pending = 0
    if pending:
        flush()
    right.update_state(yb, mlp(xb, training=False))
    print(f"epoch {epoch + 1}: loss {float(seen.result()):.4f} (dropout on)   "
          f"test accuracy {float(right.result()):.4f}   loss scale {float(opt.dynamic_scale):.0f}")
