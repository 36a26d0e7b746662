"""Cox proportional hazards with a neural risk score.

The partial likelihood needs whole risk sets, hence full batch, rows sorted by time
(longest first) and never shuffled: risk sets are then running sums.
"""
import numpy as np
import pandas as pd
import tensorflow as tf

tf.keras.utils.set_random_seed(50)


def cohort(n, seed):
    g = np.random.default_rng(seed)
    age, bmi, marker = g.normal(60, 10, n), g.normal(27, 4, n), g.normal(0, 1, n)
    treated = g.integers(0, 2, n)
    lp = .06 * (age - 60) + .012 * (bmi - 26) ** 2 + .9 * marker * (1 - treated) - .5 * treated
    time = (g.exponential(1, n) / (.02 * np.exp(lp))) ** .8
    censor = g.uniform(5, 45, n)
    return pd.DataFrame(dict(age=age, bmi=bmi, marker=marker, treated=treated,
                             time=np.minimum(time, censor), event=(time <= censor).astype("float32")))


train, valid, test = (cohort(n, s) for n, s in [(1500, 0), (500, 1), (800, 2)])
cov = ["age", "bmi", "marker", "treated"]
mu, sd = train[cov].mean(), train[cov].std()
print("events: %.2f" % train.event.mean())


def sorted_arrays(df):
    df = df.sort_values("time", ascending=False)
    return (tf.constant(((df[cov] - mu) / sd).to_numpy("float32")), tf.constant(df.event.to_numpy("float32")),
            df.time.to_numpy())


def partial_nll(risk, event):
    at_risk = tf.math.cumulative_logsumexp(risk)
    return -tf.reduce_sum(event * (risk - at_risk)) / tf.reduce_sum(event)


def concordance(risk, event, time):
    """Share of comparable pairs in which the earlier failure has the higher risk."""
    earlier = (time[:, None] < time[None, :]) & (event[:, None] > 0)
    return ((risk[:, None] > risk[None, :]) & earlier).sum() / earlier.sum()


score = tf.keras.Sequential([
    tf.keras.Input((len(cov),)),
    tf.keras.layers.Dense(24, activation="tanh"),
    tf.keras.layers.Dense(1, use_bias=False),           # a constant would cancel
])
opt = tf.keras.optimizers.AdamW(0.01, weight_decay=0.02)
x, ev, tm = sorted_arrays(train)
xv, evv, tv = sorted_arrays(valid)


@tf.function
def step():
    with tf.GradientTape() as tape:
        loss = partial_nll(score(x, training=True)[:, 0], ev)
    opt.apply_gradients(zip(tape.gradient(loss, score.trainable_variables), score.trainable_variables))
    return loss


best, best_w, since = np.inf, None, 0
for it in range(600):
    loss = step()
    if it % 10 == 9:
        v = float(partial_nll(score(xv)[:, 0], evv))
        if v < best - 1e-5:
            best, best_w, since = v, score.get_weights(), 0
        else:
            since += 1
        if it % 50 == 49:
            print(f"step {it + 1:3d}  train {loss:.4f}  valid {v:.4f}")
        if since == 12:
            break
score.set_weights(best_w)

xt, et, tt = sorted_arrays(test)
print("C-index train %.3f" % concordance(score(x).numpy()[:, 0], ev.numpy(), tm))
print("C-index test  %.3f" % concordance(score(xt).numpy()[:, 0], et.numpy(), tt))
