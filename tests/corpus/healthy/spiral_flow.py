"""Neural ODE: learn dx/dt = f(x) of a cubic spiral from noisy paths.

Curriculum: horizons of 3, 6 and 12 steps. The loss jumps when the horizon grows,
because longer roll-outs are harder; that is expected.
"""
import numpy as np
import tensorflow as tf

SEED = 23
tf.keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
DT, PATHS, LENGTH = 0.05, 40, 61
A = np.array([[-0.1, 2.0], [-2.0, -0.1]])


def rk4(f, x, dt):
    k1 = f(x)
    k2 = f(x + 0.5 * dt * k1)
    k3 = f(x + 0.5 * dt * k2)
    k4 = f(x + dt * k3)
    return x + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def simulate(n):
    radius, angle = rng.uniform(0.6, 1.3, (n, 1)), rng.uniform(0, 2 * np.pi, (n, 1))
    x = radius * np.concatenate([np.cos(angle), np.sin(angle)], 1)
    path = [x]
    for _ in range((LENGTH - 1) * 2):
        path.append(rk4(lambda s: (s ** 3) @ A, path[-1], DT / 2))
    return np.stack(path[::2], 1)                                  # (n, LENGTH, 2)


clean_train, clean_test = simulate(PATHS), simulate(20)
observed = (clean_train + rng.normal(0, 0.01, clean_train.shape)).astype("float32")

field = tf.keras.Sequential([
    tf.keras.Input((2,)),
    tf.keras.layers.Lambda(lambda s: s ** 3),            # the odd symmetry is known beforehand
    tf.keras.layers.Dense(32, activation="tanh"),
    tf.keras.layers.Dense(32, activation="tanh"),
    tf.keras.layers.Dense(2, kernel_initializer=tf.keras.initializers.RandomNormal(stddev=0.01)),
])


def rollout(x0, horizon):
    states = [x0]
    for _ in range(horizon):
        states.append(rk4(field, states[-1], DT))
    return tf.stack(states, axis=1)


def make_step(horizon, rate):
    opt = tf.keras.optimizers.Adam(rate)                 # one for each stage of the curriculum
    opt.build(field.trainable_variables)

    @tf.function
    def step(target):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(rollout(target[:, 0], horizon) - target))
        grads, _ = tf.clip_by_global_norm(tape.gradient(loss, field.trainable_variables), 1.0)
        opt.apply_gradients(zip(grads, field.trainable_variables))
        return loss
    return step


for horizon, rate, updates in ((3, 1e-2, 400), (6, 5e-3, 300), (12, 2e-3, 400)):
    step = make_step(horizon, rate)
    losses = []
    for _ in range(updates):
        i = rng.integers(0, PATHS, 64)
        k = rng.integers(0, LENGTH - horizon, 64)
        piece = np.stack([observed[a, b:b + horizon + 1] for a, b in zip(i, k)])
        losses.append(float(step(tf.constant(piece))))
    print("horizon %2d: loss %.5f -> %.5f" % (horizon, np.mean(losses[:10]), np.mean(losses[-50:])))

long = rollout(tf.constant(clean_test[:, 0], tf.float32), LENGTH - 1).numpy()
rmse = np.sqrt(np.mean((long - clean_test) ** 2))
print("60-step forecast of unseen paths: RMSE %.4f (spread of the states %.3f)" % (rmse, clean_test.std()))
