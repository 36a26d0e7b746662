"""Physics-informed network for the damped oscillator  x'' + 2 d x' + w^2 x = 0,
x(0) = 1, x'(0) = 0.  No data: the equation's residual at fixed points is the loss.
The initial conditions hold by construction, x(t) = 1 + t^2 N(t)."""
import numpy as np
import tensorflow as tf

SEED = 4
D, W = 0.8, 4.0
STEPS = 3000
tf.keras.utils.set_random_seed(SEED)

net = tf.keras.Sequential([
    tf.keras.Input((1,)),
    tf.keras.layers.Dense(32, activation="tanh"),
    tf.keras.layers.Dense(32, activation="tanh"),
    tf.keras.layers.Dense(1),
])
opt = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(1e-2, STEPS))
t_col = tf.reshape(tf.linspace(0.0, 2.0, 80), (-1, 1))     # collocation points: always all of them


def x_of(t):
    return 1.0 + t ** 2 * net(2.0 * (t - 1.0))


def residual(t):
    with tf.GradientTape() as outer:
        outer.watch(t)
        with tf.GradientTape() as inner:
            inner.watch(t)
            x = x_of(t)
        dx = inner.gradient(x, t)
    ddx = outer.gradient(dx, t)
    return (ddx + 2 * D * dx + W ** 2 * x) / W ** 2


@tf.function
def train_step():
    with tf.GradientTape() as tape:
        # earlier times matter more: an error there is carried to all later ones
        loss = tf.reduce_mean(tf.exp(-t_col) * residual(t_col) ** 2)
    g = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(g, net.trainable_variables))
    return loss


for step in range(STEPS + 1):
    loss = train_step()
    if step % 500 == 0:
        print("step %4d  residual loss %.3e" % (step, loss))

t = np.linspace(0, 2, 401, dtype="float32")[:, None]
wd = np.sqrt(W ** 2 - D ** 2)
exact = np.exp(-D * t) * (np.cos(wd * t) + D / wd * np.sin(wd * t))
err = np.abs(x_of(tf.constant(t)).numpy() - exact)
print("largest error against the exact solution: %.5f (amplitude 1)" % err.max())
