# physics-informed net: u'' + 0.4 u' + 4 u = 0, u(0)=1, u'(0)=0. No data set, collocation points drawn at every step
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(6)
C, K2, TMAX = 0.4, 4.0, 3.0
net = keras.Sequential([keras.Input((1,)), layers.Dense(32, activation="tanh"), layers.Dense(32, activation="tanh"), layers.Dense(1)])
schedule = keras.optimizers.schedules.CosineDecay(5e-3, 2500, alpha=0.02)
opt = keras.optimizers.Adam(schedule)


def u_of(t):
    # initial conditions are built in: u(0)=1, u'(0)=0
    return 1.0 + tf.square(t) / (1.0 + tf.square(t)) * net(t / TMAX * 2 - 1)


@tf.function
def step():
    t = tf.random.uniform((96, 1), 0.0, TMAX)
    with tf.GradientTape() as tape:
        with tf.GradientTape() as t2:
            t2.watch(t)
            with tf.GradientTape() as t1:
                t1.watch(t)
                u = u_of(t)
            du = t1.gradient(u, t)
        ddu = t2.gradient(du, t)
        loss = tf.reduce_mean(tf.square(ddu + C * du + K2 * u))
    g = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(g, net.trainable_variables))
    return loss


for it in range(2500):
    loss = step()
    if it % 500 == 0:
        print(it, "residual", float(loss))

t = np.linspace(0, TMAX, 200, dtype="float32").reshape(-1, 1)
a, w = C / 2, np.sqrt(K2 - C * C / 4)
exact = np.exp(-a * t) * (np.cos(w * t) + a / w * np.sin(w * t))
print("max error against the exact solution:", float(np.abs(u_of(t).numpy() - exact).max()))
