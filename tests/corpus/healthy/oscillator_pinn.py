"""Damped oscillator u'' + 2*d*u' + w0^2*u = 0, u(0)=1, u'(0)=0, solved by a network. No data, only the residual."""
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
d, w0 = 0.6, 4.0
T_END = 2.0

net = tf.keras.Sequential([
    tf.keras.layers.Input((1,)),
    tf.keras.layers.Dense(24, activation="tanh"),
    tf.keras.layers.Dense(24, activation="tanh"),
    tf.keras.layers.Dense(1),
])
opt = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.ExponentialDecay(8e-3, 500, 0.6))
opt.build(net.trainable_variables)
colloc = tf.reshape(tf.linspace(0.0, T_END, 64), (-1, 1))


def u_and_slopes(t):
    with tf.GradientTape() as t2:
        t2.watch(t)
        with tf.GradientTape() as t1:
            t1.watch(t)
            u = net(2.0 * t / T_END - 1.0)
        du = t1.gradient(u, t)
    ddu = t2.gradient(du, t)
    return u, du, ddu


def objective():
    u, du, ddu = u_and_slopes(colloc)
    residual = ddu + 2 * d * du + w0 ** 2 * u
    start = tf.square(u[0, 0] - 1.0) + 0.1 * tf.square(du[0, 0])
    return 0.005 * tf.reduce_mean(tf.square(residual)) + start


@tf.function
def train(n):
    last = tf.constant(0.0)
    for i in tf.range(n):
        with tf.GradientTape() as tape:
            last = objective()
        grads = tape.gradient(last, net.trainable_variables)
        opt.apply_gradients(zip(grads, net.trainable_variables))
        if i % 500 == 0:
            tf.print("step", i, "loss", last)
    return last


final = train(tf.constant(3000))
t = np.linspace(0, T_END, 200, dtype="float32")[:, None]
w = np.sqrt(w0 ** 2 - d ** 2)
exact = np.exp(-d * t) * (np.cos(w * t) + d / w * np.sin(w * t))
err = net.predict(2 * t / T_END - 1, verbose=0) - exact
print("final loss %.2e, rms error %.4f, rms of the solution %.4f" % (float(final), np.sqrt((err ** 2).mean()), exact.std()))
