# First-order meta-learning (Reptile) on sine regression tasks
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(40)
R = np.random.default_rng(40)


def sample_task():
    amp, phase = R.uniform(0.5, 2.0), R.uniform(0, np.pi)

    def f(n):
        x = R.uniform(-3, 3, (n, 1)).astype("float32")
        return tf.constant(x), tf.constant((amp * np.sin(x + phase)).astype("float32"))
    return f


net = tf.keras.Sequential([
    tf.keras.layers.Input((1,)),
    tf.keras.layers.Dense(40, activation="tanh"),
    tf.keras.layers.Dense(40, activation="tanh"),
    tf.keras.layers.Dense(1),
])
INNER_LR, INNER_STEPS, META_ITERS = 0.03, 8, 1200


@tf.function
def inner_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(net(x) - y))
    for v, g in zip(net.trainable_variables, tape.gradient(loss, net.trainable_variables)):
        v.assign_sub(INNER_LR * g)
    return loss


def adapt(task, steps, shots=10):
    x, y = task(shots)
    for _ in range(steps):
        inner_step(x, y)


def score(tasks=20, steps=16):
    """mse on new points of new tasks before and after adaptation"""
    keep = net.get_weights()
    out = []
    for _ in range(tasks):
        task = sample_task()
        xq, yq = task(50)
        before = float(tf.reduce_mean(tf.square(net(xq) - yq)))
        adapt(task, steps)
        out.append((before, float(tf.reduce_mean(tf.square(net(xq) - yq))), float(tf.math.reduce_variance(yq))))
        net.set_weights(keep)
    return np.mean(out, axis=0)


print("start: before %.3f  after %.3f  variance %.3f" % tuple(score()))
for it in range(META_ITERS):
    eps = 0.3 * (1 - it / META_ITERS) + 0.01
    slow = [v.numpy() for v in net.trainable_variables]
    adapt(sample_task(), INNER_STEPS, shots=20)
    for v, s in zip(net.trainable_variables, slow):
        v.assign(s + eps * (v.numpy() - s))
    if (it + 1) % 300 == 0:
        print("iter %d: before %.3f  after %.3f  variance %.3f" % ((it + 1,) + tuple(score())))
