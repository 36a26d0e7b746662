"""Predict how far a pump's flow deviates from nominal, from six readings."""

import numpy as np
import keras
from keras import Model, callbacks, initializers, layers

SEED = 12
keras.utils.set_random_seed(SEED)


def simulate(n):
    rng = np.random.default_rng(SEED)
    r = rng.normal(size=(n, 6)).astype("float32")
    flow = 1.1 * r[:, 0] - 0.7 * r[:, 1] * r[:, 2] + 0.8 * np.sin(2 * r[:, 3]) + 0.4 * r[:, 4]
    flow += 0.1 * rng.normal(size=n)
    flow = (flow - flow.mean()) / flow.std()
    return r, flow.astype("float32")


def block(t, units, name):
    return layers.Dense(
        units,
        activation="relu",  # expect-or: dead-relu
        kernel_initializer=initializers.HeNormal(seed=SEED),
        bias_initializer=initializers.Constant(-9.0),  # expect: dead-relu
        name=name,
    )(t)  # expect-or: dead-relu


readings = layers.Input((6,), name="readings")
t = block(readings, 64, "b1")  # expect-or: dead-relu
t = block(t, 64, "b2")  # expect-or: dead-relu
deviation = layers.Dense(1, activation="relu", name="deviation")(t)  # expect-also: output-activation
model = Model(readings, deviation)
model.summary()

model.compile(optimizer="adam", loss="mean_squared_error")  # expect-also-or: output-activation
r, flow = simulate(2000)
hist = model.fit(
    r[:1600],
    flow[:1600],
    validation_data=(r[1600:], flow[1600:]),
    epochs=30,
    batch_size=32,
    verbose=0,
    callbacks=[
        callbacks.ReduceLROnPlateau(monitor="val_loss", patience=8, factor=0.5),
        callbacks.TerminateOnNaN(),
    ],
)

for e in range(0, 30, 5):
    print(e, "loss %.4f  val_loss %.4f" % (hist.history["loss"][e], hist.history["val_loss"][e]))
p = model.predict(r[1600:], verbose=0)[:, 0]
v = flow[1600:]
print("validation R2: %.3f" % (1 - ((p - v) ** 2).mean() / v.var()))
