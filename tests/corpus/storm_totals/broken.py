"""
Rain gauge exercise: read 64 hourly values plus a storm flag, return the rain
that fell during the flagged hours.  Recurrent net with ReLU units and identity
start (Le, Jaitly, Hinton 2015), written out in plain variables.
"""
import numpy as np
import tensorflow as tf

T, HIDDEN, BATCH, STEPS = 64, 32, 64, 600
LR, MAX_NORM = 0.005, 1.0
rng = np.random.default_rng(4)
tf.random.set_seed(4)


def make_gauges(n):
    rain = rng.gamma(0.7, 0.35, size=(n, T)) * (rng.random((n, T)) < 0.6)
    flag = np.zeros((n, T))
    for row in flag:
        for start in rng.integers(0, T - 5, size=2):
            row[start:start + rng.integers(2, 5)] = 1.0
    total = (rain * flag).sum(axis=1, keepdims=True)
    return np.stack([rain, flag], axis=-1).astype("float32"), total.astype("float32")


train_x, train_y = make_gauges(4000)
test_x, test_y = make_gauges(500)
center, width = train_y.mean(), train_y.std()
train_y, test_y = (train_y - center) / width, (test_y - center) / width

Wx = tf.Variable(tf.random.normal([2, HIDDEN], stddev=0.3), name="Wx")
Wh = tf.Variable(tf.eye(HIDDEN), name="Wh")
bh = tf.Variable(tf.zeros([HIDDEN]), name="bh")
Wo = tf.Variable(tf.random.normal([HIDDEN, 1], stddev=0.05), name="Wo")
bo = tf.Variable(tf.zeros([1]), name="bo")
params = [Wx, Wh, bh, Wo, bo]
velocity = [tf.Variable(tf.zeros_like(p)) for p in params]


def forward(x):
    h = tf.zeros([tf.shape(x)[0], HIDDEN])
    for t in range(T):
        h = tf.nn.relu(tf.matmul(x[:, t], Wx) + tf.matmul(h, Wh) + bh)  # expect-or: exploding-gradient
    return tf.matmul(h, Wo) + bo


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(forward(x) - y))
    grads = tape.gradient(loss, params)  # expect-or: exploding-gradient
    clipped, norm = tf.clip_by_global_norm(grads, MAX_NORM)  # expect-or: exploding-gradient
    for p, v, g in zip(params, velocity, grads):  # expect: exploding-gradient
        v.assign(0.9 * v + g)
        p.assign_sub(LR * v)  # expect-or: exploding-gradient
    return loss, norm


predict = tf.function(forward)
running = []
for i in range(1, STEPS + 1):
    pick = rng.integers(0, len(train_x), BATCH)
    loss, norm = step(tf.constant(train_x[pick]), tf.constant(train_y[pick]))
    running.append(float(loss))
    if i % 50 == 0:
        print(f"step {i:4d}  mse {np.mean(running[-50:]):.4f}")

guess = predict(tf.constant(test_x)).numpy()
print("test mse", float(np.mean((guess - test_y) ** 2)))
print("test R2 ", float(1 - np.sum((guess - test_y) ** 2) / np.sum((test_y - test_y.mean()) ** 2)))
