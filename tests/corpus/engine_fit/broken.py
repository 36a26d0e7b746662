"""Engine torque from test-bench readings: a small net written by hand, plain gradient descent."""
import numpy as np
import tensorflow as tf

SEED = 2
rng = np.random.default_rng(SEED)
n = 2500
rpm = rng.uniform(900, 6200, n)
throttle = rng.uniform(5, 100, n)                # percent
coolant = rng.uniform(320, 375, n)               # kelvin
manifold = rng.uniform(28, 102, n)               # kPa
lam = rng.normal(1.0, 0.06, n)                   # air/fuel ratio

load = 0.6 * throttle / 100 + 0.4 * (manifold - 28) / 74
curve = 1.1 - ((rpm - 3600) / 3300) ** 2
torque = 180 * load * curve - 15 * np.abs(lam - 1) / 0.06 * load + 0.3 * (coolant - 350) + rng.normal(0, 4, n)

table = np.stack([rpm, throttle, coolant, manifold, lam], axis=1)
train, test = np.arange(0, 2000), np.arange(2000, n)

X = table.astype(np.float32)  # expect: input-scale
Y = ((torque - torque[train].mean()) / torque[train].std()).astype(np.float32)[:, None]

learning_rate = 0.02
epochs = 80
batch = 40


def weight(n_in, n_out, seed):
    return tf.Variable(tf.random.normal([n_in, n_out], stddev=np.sqrt(2.0 / n_in), seed=seed))


tf.random.set_seed(SEED)
W = [weight(5, 32, 1), weight(32, 32, 2), weight(32, 1, 3)]
B = [tf.Variable(tf.zeros([k])) for k in (32, 32, 1)]


def model(x):
    a = x
    for w, b in zip(W[:-1], B[:-1]):
        a = tf.nn.relu(a @ w + b)
    return a @ W[-1] + B[-1]


def cost(x, y):
    return tf.reduce_mean(tf.square(model(x) - y))


@tf.function
def minimize(x, y):
    with tf.GradientTape() as tape:
        c = cost(x, y)
    grads = tape.gradient(c, W + B)
    for v, g in zip(W + B, grads):
        v.assign_sub(learning_rate * g)
    return c


for epoch in range(epochs):
    order = rng.permutation(train)
    c = [float(minimize(X[i], Y[i])) for i in order.reshape(-1, batch)]  # expect-or: input-scale
    if epoch % 8 == 7:
        print("epoch %3d  cost %-12.5g  largest weight %.4g"
              % (epoch + 1, np.mean(c), max(float(tf.reduce_max(tf.abs(w))) for w in W)))

final = float(cost(X[test], Y[test]))
print("test mse %.4f (in units of the variance of the torque), R2 %.3f" % (final, 1 - final / Y[test].var()))
