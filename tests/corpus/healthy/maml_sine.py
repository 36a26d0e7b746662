# second-order MAML, tasks batched along the leading axis of the weights
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(11)
tf.random.set_seed(11)
TASKS, SHOT, QUERY, META = 16, 10, 20, 1200
SIZES = [1, 40, 40, 1]

slow = []
for i, o in zip(SIZES[:-1], SIZES[1:]):
    slow.append(tf.Variable((rs.randn(i, o) * np.sqrt(2.0 / i)).astype("f")))
    slow.append(tf.Variable(np.zeros((1, o), "f")))
log_rate = [tf.Variable(float(np.log(0.01))) for _ in slow]


def tasks(n):
    amp = rs.uniform(0.5, 3.0, (n, 1, 1)); ph = rs.uniform(0, np.pi, (n, 1, 1))
    x = rs.uniform(-4, 4, (n, SHOT + QUERY, 1))
    y = amp * np.sin(x - ph)
    x, y = x.astype("f"), y.astype("f")
    return x[:, :SHOT], y[:, :SHOT], x[:, SHOT:], y[:, SHOT:]


def net(w, x):
    h = x / 2.0
    for k in range(0, len(w) - 2, 2):
        h = tf.nn.elu(tf.matmul(h, w[k]) + w[k + 1])
    return tf.matmul(h, w[-2]) + w[-1]


def adapt(xs, ys, steps):
    n = tf.shape(xs)[0]
    w = [tf.tile(v[None], [n, 1, 1]) for v in slow]
    for _ in range(steps):
        with tf.GradientTape() as inner:
            inner.watch(w)
            li = tf.reduce_sum(tf.reduce_mean(tf.square(net(w, xs) - ys), axis=[1, 2]))
        g = inner.gradient(li, w)
        w = [wi - tf.exp(a) * gi for wi, a, gi in zip(w, log_rate, g)]
    return w


outer = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(3e-3, META, alpha=0.1))
meta_vars = slow + log_rate
outer.build(meta_vars)


@tf.function
def meta_step(xs, ys, xq, yq):
    with tf.GradientTape() as tape:
        w = adapt(xs, ys, 2)
        loss = tf.reduce_mean(tf.square(net(w, xq) - yq))
    g = tape.gradient(loss, meta_vars)
    g = [tf.clip_by_norm(gi, 5.0) for gi in g]
    outer.apply_gradients(zip(g, meta_vars))
    return loss


def evaluate(tag):
    r = np.random.RandomState(0)
    global rs
    keep, rs = rs, r
    xs, ys, xq, yq = tasks(200)
    rs = keep
    errs = [float(tf.reduce_mean(tf.square(net(adapt(xs, ys, k), xq) - yq))) for k in (0, 1, 2, 3)]
    print(f"{tag:>8}: query MSE after 0/1/2/3 inner steps  " + "  ".join("%.3f" % e for e in errs))


evaluate("start")
log = []
for it in range(1, META + 1):
    log.append(float(meta_step(*tasks(TASKS))))
    if it % 300 == 0:
        print(f"meta-iter {it}  loss {np.mean(log[-300:]):.3f}")
evaluate("trained")
print("inner rates", [round(float(np.exp(a)), 4) for a in log_rate])
