"""Deep Cox proportional hazards, written from the partial likelihood up."""
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(42)
tf.random.set_seed(42)

# ---- simulated cohort -------------------------------------------------------
N = 900
age = rng.normal(62, 11, N)
marker = rng.lognormal(0.0, 0.6, N)
treated = rng.integers(0, 2, N)
junk = rng.normal(size=(N, 2))
a = (age - 62) / 11
log_risk = 0.8 * a + 0.9 * np.log(marker) ** 2 - 1.1 * treated
event_time = rng.exponential(1 / (0.1 * np.exp(log_risk)))
censor_time = rng.exponential(25, N)
time = np.minimum(event_time, censor_time).astype("float32")
event = (event_time <= censor_time).astype("float32")
feats = np.column_stack([age, np.log(marker), treated, junk])

idx = rng.permutation(N)
tr, te = idx[:650], idx[650:]
mu, sd = feats[tr].mean(0), feats[tr].std(0)
Z = ((feats - mu) / sd).astype("float32")
print(f"{N} patients, {event.mean():.0%} events, median follow-up {np.median(time):.1f}")


# ---- network ----------------------------------------------------------------
def glorot(i, o):
    lim = np.sqrt(6 / (i + o))
    return tf.Variable(rng.uniform(-lim, lim, (i, o)).astype("float32"))


W1, b1 = glorot(5, 24), tf.Variable(tf.zeros(24))
W2, b2 = glorot(24, 12), tf.Variable(tf.zeros(12))
W3 = glorot(12, 1)
theta = [W1, b1, W2, b2, W3]
m = [tf.Variable(tf.zeros_like(t)) for t in theta]
v = [tf.Variable(tf.zeros_like(t)) for t in theta]


def risk(z):
    h = tf.nn.elu(z @ W1 + b1)
    h = tf.nn.elu(h @ W2 + b2)
    return tf.squeeze(h @ W3, 1)


order = np.argsort(-time[tr])
z_tr = tf.constant(Z[tr][order])
e_tr = tf.constant(event[tr][order])


def neg_partial_loglik(z, e):
    r = risk(z)
    log_cum = tf.math.cumulative_logsumexp(r)
    return -tf.reduce_sum((r - log_cum) * e) / tf.reduce_sum(e)


@tf.function
def adam_step(t, lr=0.01, l2=5e-3):
    with tf.GradientTape() as tape:
        nll = neg_partial_loglik(z_tr, e_tr)
        loss = nll + l2 * tf.add_n([tf.nn.l2_loss(w) for w in (W1, W2, W3)])
    for p, g, mi, vi in zip(theta, tape.gradient(loss, theta), m, v):
        mi.assign(0.9 * mi + 0.1 * g)
        vi.assign(0.999 * vi + 0.001 * g * g)
        p.assign_sub(lr * (mi / (1 - 0.9 ** t)) / (tf.sqrt(vi / (1 - 0.999 ** t)) + 1e-8))
    return nll


def c_index(t, e, r):
    ahead = (t[:, None] < t[None, :]) & (e[:, None] == 1)
    return ((r[:, None] > r[None, :]) & ahead).sum() / ahead.sum()


for it in range(1, 101):
    nll = adam_step(tf.constant(float(it)))
    if it == 1 or it % 10 == 0:
        print(f"iter {it:3d}  -logPL {float(nll):.4f}  "
              f"C train {c_index(time[tr], event[tr], risk(Z[tr]).numpy()):.3f}  "
              f"C test {c_index(time[te], event[te], risk(Z[te]).numpy()):.3f}")

print("C of the true risk on test: %.3f" % c_index(time[te], event[te], log_risk[te]))

# dose-response over a grid, other columns at their means
grid = np.linspace(-2.5, 2.5, 11)
probe = np.tile(mu, (11, 1))
probe[:, 1] = grid
curve = risk(((probe - mu) / sd).astype("float32")).numpy()
curve -= curve.min()
for g, c in zip(grid, curve):
    print(f"log marker {g:+.1f}  rel. log risk {c:5.2f}  {'*' * int(c * 8)}")
