"""Biomass of a culture under cyclic feeding, solved by a physics-informed network."""
import configparser

import numpy as np
import tensorflow as tf

settings = configparser.ConfigParser()
settings.read("run_b.ini")
DECAY = settings.getfloat("culture", "decay_rate")
CYCLE = settings.getfloat("culture", "feed_frequency")
START = settings.getfloat("culture", "initial_biomass")
T_END = settings.getfloat("culture", "hours")
WIDTH = settings.getint("net", "width")
STEPS = settings.getint("train", "steps")
LR = settings.getfloat("train", "learning_rate")
SMOOTH = settings.getfloat("train", "l2")
W_START = settings.getfloat("train", "start_weight")

tf.keras.utils.set_random_seed(settings.getint("train", "seed"))


def glorot(a, b):
    s = np.sqrt(2.0 / (a + b))
    return tf.Variable(tf.random.normal([a, b], stddev=s))


W1, b1 = glorot(1, WIDTH), tf.Variable(tf.zeros([WIDTH]))
W2, b2 = glorot(WIDTH, WIDTH), tf.Variable(tf.zeros([WIDTH]))
W3, b3 = glorot(WIDTH, 1), tf.Variable(tf.zeros([1]))
theta = [W1, b1, W2, b2, W3, b3]


def u(t):
    h = tf.tanh((2.0 * t / T_END - 1.0) @ W1 + b1)
    h = tf.tanh(h @ W2 + b2)
    return h @ W3 + b3


def residual(t):
    with tf.GradientTape() as inner:
        inner.watch(t)
        value = u(t)
    slope = inner.gradient(value, t)
    return slope + DECAY * value - tf.cos(CYCLE * t)


schedule = tf.keras.optimizers.schedules.CosineDecay(LR, STEPS, alpha=0.05)
optimizer = tf.keras.optimizers.Adam(schedule)
zero = tf.zeros([1, 1])


@tf.function
def step():
    t = tf.random.uniform([96, 1], 0.0, T_END)
    with tf.GradientTape() as tape:
        physics = tf.reduce_mean(tf.square(residual(t)))
        anchor = tf.reduce_mean(tf.square(u(zero) - START))
        weights = tf.add_n([tf.reduce_sum(tf.square(w)) for w in (W1, W2, W3)])
        loss = physics + W_START * anchor + SMOOTH * weights
    optimizer.apply_gradients(zip(tape.gradient(loss, theta), theta))
    return physics, anchor


for k in range(STEPS):
    physics, anchor = step()
    if k % 500 == 0:
        print(f"{k:5d} physics {float(physics):.2e} start {float(anchor):.2e}")

grid = np.linspace(0, T_END, 200, dtype="float32")[:, None]
gain = DECAY**2 + CYCLE**2
exact = (START - DECAY / gain) * np.exp(-DECAY * grid)
exact += (DECAY * np.cos(CYCLE * grid) + CYCLE * np.sin(CYCLE * grid)) / gain
found = u(tf.constant(grid)).numpy()
error = np.linalg.norm(found - exact) / np.linalg.norm(exact)
print(f"relative error against the closed form {error:.4f}")
