"""Damped oscillator  u'' + 2 d u' + w0^2 u = 0,  u(0) = 1, u'(0) = 0,  on [0, 2].

No data at all: the network is trained on the residual of the equation at fixed
collocation points (the whole grid in every step) and on the two initial conditions.
"""
import numpy as np
import tensorflow as tf

D, W0 = 1.0, 6.0
tf.keras.utils.set_random_seed(8)

t_grid = tf.reshape(tf.linspace(0.0, 2.0, 96), (-1, 1))
t_zero = tf.zeros((1, 1))


class Field(tf.keras.Model):
    def __init__(self, width=32, depth=3):
        super().__init__()
        self.hidden = [tf.keras.layers.Dense(width, activation="tanh") for _ in range(depth)]
        self.out = tf.keras.layers.Dense(1)

    def call(self, t):
        h = t - 1.0                      # centre of the interval
        for layer in self.hidden:
            h = layer(h)
        return self.out(h)


def derivatives(u_net, t):
    with tf.GradientTape() as second:
        second.watch(t)
        with tf.GradientTape() as first:
            first.watch(t)
            u = u_net(t)
        du = first.gradient(u, t)
    d2u = second.gradient(du, t)
    return u, du, d2u


def losses(u_net):
    u, du, d2u = derivatives(u_net, t_grid)
    residual = d2u + 2 * D * du + W0 ** 2 * u
    u0, du0, _ = derivatives(u_net, t_zero)
    physics = tf.reduce_mean(residual ** 2)
    start = 100.0 * tf.reduce_mean((u0 - 1.0) ** 2) + 10.0 * tf.reduce_mean(du0 ** 2)
    return physics, start


u_net = Field()
u_net(t_zero)
schedule = tf.keras.optimizers.schedules.ExponentialDecay(4e-3, 1500, 0.6)
adam = tf.keras.optimizers.Adam(schedule)


@tf.function(jit_compile=False)
def train_step():
    with tf.GradientTape() as tape:
        physics, start = losses(u_net)
        loss = 0.05 * physics + start
    grads = tape.gradient(loss, u_net.trainable_weights)
    adam.apply_gradients(zip(grads, u_net.trainable_weights))
    return physics, start


STEPS = 12000
for k in range(STEPS):
    physics, start = train_step()
    if k % 2000 == 0 or k == STEPS - 1:
        print(f"step {k:5d}  residual {physics.numpy():10.5f}  initial conditions {start.numpy():.2e}")

t = t_grid.numpy()[:, 0]
w = np.sqrt(W0 ** 2 - D ** 2)
exact = np.exp(-D * t) * (np.cos(w * t) + D / w * np.sin(w * t))
approx = u_net(t_grid).numpy()[:, 0]
print(f"relative L2 error against the exact solution: "
      f"{np.linalg.norm(approx - exact) / np.linalg.norm(exact):.4f}")
