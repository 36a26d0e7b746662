"""Physics-informed network: damped oscillator u'' + 0.4 u' + 4 u = 0, u(0)=1, u'(0)=0, no solution data."""
import math
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(2)
C, K, T_END = 0.4, 4.0, 5.0

body = keras.Sequential([
    keras.Input((1,)),
    keras.layers.Rescaling(2.0 / T_END, offset=-1.0),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(1),
])


def u(t):
    """Both initial conditions hold by construction."""
    return 1.0 + tf.tanh(t) ** 2 * body(t)


STEPS = 3000
opt = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(5e-3, STEPS, alpha=0.01))


def residual(t):
    with tf.GradientTape() as second:
        second.watch(t)
        with tf.GradientTape() as first:
            first.watch(t)
            ut = u(t)
        du = first.gradient(ut, t)
    ddu = second.gradient(du, t)
    return ddu + C * du + K * ut


@tf.function
def step():
    # stratified collocation points, redrawn every step
    n = 96
    t = (tf.range(n, dtype=tf.float32)[:, None] + tf.random.uniform((n, 1))) * (T_END / n)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(residual(t) ** 2)
    g = tape.gradient(loss, body.trainable_variables)
    opt.apply_gradients(zip(g, body.trainable_variables))
    return loss


for i in range(1, STEPS + 1):
    loss = step()
    if i == 1 or i % 500 == 0:
        print(f"step {i:5d}  mean squared residual {float(loss):.3e}")

w = math.sqrt(K - C ** 2 / 4)
t = np.linspace(0, T_END, 401, dtype=np.float32)[:, None]
exact = np.exp(-C * t / 2) * (np.cos(w * t) + C / (2 * w) * np.sin(w * t))
pred = u(tf.constant(t)).numpy()
print("relative L2 error against the analytic solution: %.4f" % (np.linalg.norm(pred - exact) / np.linalg.norm(exact)))
print("relative L2 error of the best constant:          %.4f" % (np.linalg.norm(exact - exact.mean()) / np.linalg.norm(exact)))
print("max |residual| on a fixed grid: %.3e" % np.abs(residual(tf.constant(t)).numpy()).max())
