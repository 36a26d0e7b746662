"""A residual MLP of any depth under fit: what its first step, its later steps and its memory take.

python deep.py LAYERS WIDTH STEPS
"""

import json
import resource
import sys
import time

import keras
import numpy as np

layers, width, steps = map(int, sys.argv[1:])
keras.utils.set_random_seed(0)
inputs = hidden = keras.Input((width,))
for _ in range(max(1, layers // 2)):
    branch = keras.layers.Dense(width, activation="relu")(hidden)
    hidden = keras.layers.LayerNormalization()(keras.layers.Add()([hidden, keras.layers.Dense(width)(branch)]))
model = keras.Model(inputs, keras.layers.Dense(10)(hidden))
model.compile(keras.optimizers.SGD(1e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
x = np.random.default_rng(0).normal(size=(8 * min(steps, 200), width)).astype("float32")
y = (x[:, 0] > 0).astype(int)


class Clock(keras.callbacks.Callback):
    """Notes how long each batch took."""

    def on_train_begin(self, logs=None):
        self.seconds, self.last = [], time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        now = time.perf_counter()
        self.seconds.append(now - self.last)
        self.last = now


clock = Clock()
model.fit(x, y, batch_size=8, epochs=max(1, steps // 200), verbose=0, callbacks=[clock], shuffle=False)
first, *rest = clock.seconds
print(
    json.dumps(
        {
            "parameters": model.count_params(),
            "first": first,
            "rest": sum(rest),
            "median": float(np.median(rest)),
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
    )
)
