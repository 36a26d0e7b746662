"""Physics-informed network for u'' + 2 z w u' + w^2 u = 0, u(0)=1, u'(0)=0.
There are no labels: the loss is the residual of the equation. The initial values
are built into the ansatz u = 1 + t^2 N(t)."""
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(22)
Z, W, T = 0.15, 2.0, 6.0

N = tf.keras.Sequential([tf.keras.Input((1,))] +
                        [tf.keras.layers.Dense(32, activation="tanh") for _ in range(3)] +
                        [tf.keras.layers.Dense(1)])
STEPS = 5000
lr = tf.keras.optimizers.schedules.CosineDecay(5e-3, STEPS, alpha=0.01)
adam = tf.keras.optimizers.Adam(lr)
adam.build(N.trainable_variables)


def u_fn(t):
    s = 2.0 * t / T - 1.0
    return 1.0 + (t / (1.0 + t)) ** 2 * N(s)       # bounded factor, same behaviour at 0


def residual(t):
    with tf.GradientTape() as outer:
        outer.watch(t)
        with tf.GradientTape() as inner:
            inner.watch(t)
            u = u_fn(t)
        du = inner.gradient(u, t)
    d2u = outer.gradient(du, t)
    return d2u + 2 * Z * W * du + W ** 2 * u


@tf.function(jit_compile=False)
def train(n):
    loss = 0.0
    for _ in tf.range(n):
        t = T * (tf.range(64, dtype=tf.float32)[:, None] + tf.random.uniform((64, 1))) / 64.0   # stratified in time
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(residual(t) ** 2)
        adam.apply_gradients(zip(tape.gradient(loss, N.trainable_variables), N.trainable_variables))
    return loss


for k in range(10):
    print("step %5d  residual loss %.3e" % ((k + 1) * STEPS // 10, train(tf.constant(STEPS // 10))))

t = np.linspace(0, T, 400, dtype="float32")[:, None]
wd = W * np.sqrt(1 - Z ** 2)
exact = np.exp(-Z * W * t) * (np.cos(wd * t) + Z * W / wd * np.sin(wd * t))
err = np.linalg.norm(u_fn(tf.constant(t)).numpy() - exact) / np.linalg.norm(exact)
print("relative L2 error against the exact solution: %.2e" % err)
