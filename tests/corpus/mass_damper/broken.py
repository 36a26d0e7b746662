"""A small controller for a mass-spring-damper, trained by running the simulation.

No gym: the loss is the distance from the equilibrium over a few seconds.
"""
import numpy as np
import tensorflow as tf
from tensorflow import keras

# Physical parameters
m = 1.0    # kg
k = 1.0    # N/m
c = 0.01   # N s/m
dt = 0.12
steps = 30
max_force = 2.0

tf.random.set_seed(2)
rng = np.random.default_rng(2)


def getnewstate(u, v, f):
    """one explicit step of the mass damper system"""
    a = (f - v * c - k * u) / m
    v = v + a * dt
    u = u + v * dt
    return u, v


def generatemodel():
    inp = keras.Input(shape=(2,))
    hidden = keras.layers.Dense(12, activation="tanh")(inp)
    out = keras.layers.Dense(1, activation="tanh")(hidden)
    return keras.Model(inp, out)


def simulate(model, u, v):
    """mean square distance from rest over the run, and the last state"""
    cost = 0.0
    for _ in range(steps):
        state = tf.stack([u, v], axis=1)
        f = max_force * model.predict_on_batch(state)[:, 0]  # expect: gradient-disconnected
        u, v = getnewstate(u, v, f)
        cost += tf.reduce_mean(u ** 2 + 0.3 * v ** 2)
    return cost / steps, u, v


def random_start(n):
    u = rng.uniform(-1.5, 1.5, n).astype("float32")
    v = rng.uniform(-1.0, 1.0, n).astype("float32")
    return tf.constant(u), tf.constant(v)


model = generatemodel()
lr = 0.2
test_u, test_v = random_start(200)

for it in range(26):
    u0, v0 = random_start(32)
    with tf.GradientTape() as tape:
        loss, _, _ = simulate(model, u0, v0)  # expect-or: gradient-disconnected
    gradients = tape.gradient(loss, model.trainable_variables)
    for var, grad in zip(model.trainable_variables, gradients):
        if grad is not None:
            var.assign_sub(lr * tf.clip_by_norm(grad, 1.0))
    if it % 5 == 0:
        print(f"run {it:3d}   loss {float(loss):.4f}")

cost, u_end, v_end = simulate(model, test_u, test_v)
print(f"test: mean cost {float(cost):.4f}")
print(f"test: mean |u| after {steps * dt:.0f} s: {float(tf.reduce_mean(tf.abs(u_end))):.4f}"
      f"   (start {float(tf.reduce_mean(tf.abs(test_u))):.4f})")
