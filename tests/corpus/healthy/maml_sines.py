# MAML on the sinusoid family (Finn et al., sec. 5.1), all tasks of a meta-batch in one einsum
import numpy as np
import tensorflow as tf

tf.random.set_seed(0)
rng = np.random.default_rng(0)

TASKS, SHOTS, QUERY = 12, 10, 20
INNER_LR, INNER_STEPS, META_STEPS = 0.02, 3, 1600
HID = 40


def glorot(i, o):
    return tf.Variable(tf.random.normal([i, o]) * np.sqrt(2.0 / i))


theta = [glorot(1, HID), tf.Variable(tf.zeros([HID])),
         glorot(HID, HID), tf.Variable(tf.zeros([HID])),
         glorot(HID, 1), tf.Variable(tf.zeros([1]))]


def forward(w, x):
    """w carries a leading task axis, x is (tasks, points, 1)"""
    h = tf.nn.relu(tf.einsum("tni,tio->tno", x, w[0]) + w[1][:, None])
    h = tf.nn.relu(tf.einsum("tni,tio->tno", h, w[2]) + w[3][:, None])
    return tf.einsum("tni,tio->tno", h, w[4]) + w[5][:, None]


def tile(theta, n):
    return [tf.tile(v[None], [n] + [1] * len(v.shape)) for v in theta]


def per_task_mse(w, x, y):
    return tf.reduce_mean(tf.square(forward(w, x) - y), axis=[1, 2])


def adapt(w, x, y, steps):
    for _ in range(steps):
        with tf.GradientTape() as inner:
            inner.watch(w)
            total = tf.reduce_sum(per_task_mse(w, x, y))
        g = inner.gradient(total, w)
        w = [a - INNER_LR * tf.clip_by_value(b, -10.0, 10.0) for a, b in zip(w, g)]
    return w


def sample_tasks(n, k):
    amp = rng.uniform(0.5, 3.0, (n, 1, 1))
    phase = rng.uniform(0, np.pi, (n, 1, 1))
    x = rng.uniform(-4, 4, (n, k, 1))
    return x.astype("float32"), (amp * np.sin(x + phase)).astype("float32")


meta = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(4e-3, META_STEPS))


@tf.function
def meta_step(x, y):
    xs, ys, xq, yq = x[:, :SHOTS], y[:, :SHOTS], x[:, SHOTS:], y[:, SHOTS:]
    with tf.GradientTape() as outer:
        w = tile(theta, TASKS)
        before = tf.reduce_mean(per_task_mse(w, xq, yq))
        loss = tf.reduce_mean(per_task_mse(adapt(w, xs, ys, INNER_STEPS), xq, yq))
    g = outer.gradient(loss, theta)
    g, _ = tf.clip_by_global_norm(g, 10.0)
    meta.apply_gradients(zip(g, theta))
    return before, loss


hist = []
for it in range(1, META_STEPS + 1):
    x, y = sample_tasks(TASKS, SHOTS + QUERY)
    hist.append([float(v) for v in meta_step(x, y)])
    if it % 200 == 0:
        b, a = np.mean(hist[-200:], axis=0)
        print(f"meta step {it:4d}   query mse before adaptation {b:.3f}   after {a:.3f}")

x, y = sample_tasks(200, SHOTS + 50)
w = tile(theta, 200)
base = float(tf.reduce_mean(per_task_mse(w, x[:, SHOTS:], y[:, SHOTS:])))
print(f"new tasks: variance {y.var():.3f}, unadapted mse {base:.3f}")
for k in (1, 3, 10):
    m = per_task_mse(adapt(w, x[:, :SHOTS], y[:, :SHOTS], k), x[:, SHOTS:], y[:, SHOTS:])
    print(f"  {k:2d} gradient steps: mse {float(tf.reduce_mean(m)):.3f}")
