"""Deep Cox proportional hazards: full-batch partial likelihood with censoring (Breslow form)."""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(13)
rng = np.random.default_rng(13)


def cohort(n):
    x = rng.normal(size=(n, 6)).astype("float32")
    risk = 1.1 * x[:, 0] - 0.8 * x[:, 1] + 1.0 * (x[:, 2] ** 2 - 1)
    t = rng.exponential(1.0 / (0.1 * np.exp(risk)))
    c = rng.exponential(25.0, n)
    return x, np.minimum(t, c).astype("float32"), (t <= c).astype("float32")


def concordance(time, event, score):
    earlier = (time[:, None] < time[None, :]) & (event[:, None] == 1)
    diff = score[:, None] - score[None, :]
    return ((diff > 0) & earlier).sum() / earlier.sum() + 0.5 * ((diff == 0) & earlier).sum() / earlier.sum()


def by_descending_time(x, t, e):
    o = np.argsort(-t, kind="stable")          # then the risk set of row i is rows 0..i
    return x[o], t[o], e[o]


train = by_descending_time(*cohort(1500))
val = by_descending_time(*cohort(500))
test = by_descending_time(*cohort(500))
print("events:", [f"{int(p[2].sum())}/{len(p[2])}" for p in (train, val, test)])

net = keras.Sequential([
    keras.Input((6,)),
    keras.layers.Dense(32, activation="tanh", kernel_regularizer=keras.regularizers.L2(1e-4)),
    keras.layers.Dense(32, activation="tanh", kernel_regularizer=keras.regularizers.L2(1e-4)),
    keras.layers.Dense(1, use_bias=False),     # the partial likelihood ignores any constant
])


def neg_partial_loglik(score, event):
    log_risk = tf.math.cumulative_logsumexp(score)
    return -tf.reduce_sum((score - log_risk) * event) / tf.reduce_sum(event)


opt = keras.optimizers.Adam(5e-3)
x_tr, e_tr = tf.constant(train[0]), tf.constant(train[2])


@tf.function
def step():
    with tf.GradientTape() as tape:
        nll = neg_partial_loglik(net(x_tr, training=True)[:, 0], e_tr)
        loss = nll + tf.add_n(net.losses)
    opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return nll


null = [float(neg_partial_loglik(tf.zeros(len(p[2])), tf.constant(p[2]))) for p in (train, val)]
print(f"null model: train {null[0]:.4f}  val {null[1]:.4f}   (depends on the size of the risk sets)")

best, best_w, wait = np.inf, None, 0
for it in range(1, 501):
    nll = step()
    if it % 10 == 0:
        v = float(neg_partial_loglik(net(val[0])[:, 0], val[2]))
        if v < best - 1e-4:
            best, best_w, wait = v, net.get_weights(), 0
        else:
            wait += 1
        if it % 50 == 0:
            print(f"iter {it:3d}  train {float(nll):.4f}  val {v:.4f}")
        if wait == 8:
            print("early stop at", it)
            break
net.set_weights(best_w)
for n, p in (("train", train), ("val", val), ("test", test)):
    print(f"{n:5s} c-index {concordance(p[1], p[2], net(p[0]).numpy()[:, 0]):.3f}")
