"""Physics-informed network for a damped oscillator, u'' + 2 d u' + w0^2 u = 0, u(0)=1, u'(0)=0."""
import numpy as np
import tensorflow as tf

tf.keras.backend.set_floatx("float64")
tf.keras.utils.set_random_seed(2)

d, w0, T = 0.8, 5.0, 1.6


def exact(t):
    w = np.sqrt(w0 ** 2 - d ** 2)
    return np.exp(-d * t) * (np.cos(w * t) + d / w * np.sin(w * t))


net = tf.keras.Sequential([
    tf.keras.Input((1,)),
    tf.keras.layers.Rescaling(2.0 / T, offset=-1.0),
    tf.keras.layers.Dense(32, activation="tanh"),
    tf.keras.layers.Dense(32, activation="tanh"),
    tf.keras.layers.Dense(1),
])


def u(t):
    # both initial conditions hold by construction
    return 1.0 + t ** 2 * net(t)


def residual(t):
    with tf.GradientTape() as t2:
        t2.watch(t)
        with tf.GradientTape() as t1:
            t1.watch(t)
            y = u(t)
        y_t = t1.gradient(y, t)
    y_tt = t2.gradient(y_t, t)
    return y_tt + 2 * d * y_t + w0 ** 2 * y


steps = 3000
optimizer = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(4e-3, steps))
colloc = tf.constant(np.linspace(0.0, T, 80)[:, None])


@tf.function
def train_step():
    with tf.GradientTape() as tape:
        r = residual(colloc)
        # causal weighting of the residual
        loss = tf.reduce_mean(tf.exp(-2.0 * colloc) * r ** 2)
    optimizer.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return loss


check = np.random.default_rng(0).uniform(0, T, (300, 1))
for k in range(steps):
    loss = train_step()
    if k == 0 or (k + 1) % 500 == 0:
        err = np.abs(u(tf.constant(check)).numpy() - exact(check)).max()
        print(f"{k + 1:5d}  residual loss {loss.numpy():.3e}   max |u - exact| {err:.2e}")

err = u(tf.constant(check)).numpy() - exact(check)
print(f"relative L2 error at unseen times: {np.linalg.norm(err) / np.linalg.norm(exact(check)):.2e}")
