#!/usr/bin/env python
"""Stage two: start from the stage-one trunk and learn two heads (which digit, does it have a closed loop).

    python train_heads.py [stage1_file.npz]
"""
import sys

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

STAGE1 = sys.argv[1] if len(sys.argv) > 1 else "stage1_run07.npz"  # expect-or: dead-relu
HAS_LOOP = np.array([1, 0, 0, 0, 0, 0, 1, 0, 1, 1], "float32")

tf.keras.utils.set_random_seed(23)
bunch = load_digits()
x = (bunch.data / 16.0).astype("float32")
y = bunch.target.astype("int32")
x_tr, x_te, y_tr, y_te = train_test_split(x, y, test_size=0.25, random_state=1, stratify=y)

pixels = tf.keras.Input((64,), name="pixels")
trunk1 = tf.keras.layers.Dense(48, activation="relu", name="trunk1")
trunk2 = tf.keras.layers.Dense(32, activation="relu", name="trunk2")
h = trunk2(trunk1(pixels))  # expect-or: dead-relu
digit = tf.keras.layers.Dense(10, name="digit")(h)
loop = tf.keras.layers.Dense(1, name="loop")(h)
model = tf.keras.Model(pixels, {"digit": digit, "loop": loop})

with np.load(STAGE1) as stage1:  # expect-or: dead-relu
    trunk1.set_weights([stage1["w1"], stage1["b1"]])  # expect: dead-relu
    trunk2.set_weights([stage1["w2"], stage1["b2"]])  # expect-or: dead-relu
print("trunk restored from", STAGE1)

model.compile(
    optimizer=tf.keras.optimizers.Adam(2e-3),
    loss={
        "digit": tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        "loop": tf.keras.losses.BinaryCrossentropy(from_logits=True),
    },
    loss_weights={"digit": 1.0, "loop": 0.5},
    metrics={"digit": "sparse_categorical_accuracy",
             "loop": tf.keras.metrics.BinaryAccuracy(threshold=0.0)},
)
targets = lambda t: {"digit": t, "loop": HAS_LOOP[t][:, None]}
log = model.fit(x_tr, targets(y_tr), validation_data=(x_te, targets(y_te)),
                batch_size=32, epochs=15, verbose=0)
for epoch in (0, 4, 9, 14):
    print("epoch", epoch + 1, "loss", round(log.history["loss"][epoch], 4),
          "val_loss", round(log.history["val_loss"][epoch], 4))

out = model.predict(x_te, verbose=0)
print("digit accuracy:", round(float(np.mean(out["digit"].argmax(-1) == y_te)), 4))
print("loop accuracy:", round(float(np.mean((out["loop"][:, 0] > 0) == HAS_LOOP[y_te])), 4))
