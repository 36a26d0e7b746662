"""Deep Cox model. Patients are sorted by follow-up time and form ONE batch, since the
partial likelihood compares each death with everybody still at risk."""
import numpy as np
import tensorflow as tf

SEED = 14
tf.keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

N, P = 1600, 8
z = rng.normal(size=(N, P)).astype("float32")
log_risk = 1.2 * z[:, 0] - 0.9 * z[:, 1] + 0.9 * z[:, 2] * z[:, 3] + 0.7 * (z[:, 4] ** 2 - 1)
death = rng.exponential(np.exp(-log_risk) * 10)
censor = rng.exponential(30, N)
time = np.minimum(death, censor)
event = (death <= censor).astype("float32")
print("observed deaths: %.0f %%" % (100 * event.mean()))


def by_time(ix):
    ix = ix[np.argsort(-time[ix])]                # longest follow-up first
    return z[ix], time[ix], event[ix]


perm = rng.permutation(N)
(x_tr, t_tr, e_tr), (x_va, t_va, e_va), (x_te, t_te, e_te) = (
    by_time(perm[:1000]), by_time(perm[1000:1250]), by_time(perm[1250:]))


def neg_partial_likelihood(events, score):
    score = tf.squeeze(score, -1)
    at_risk = tf.math.cumulative_logsumexp(score)  # everyone above in the list is still at risk
    return -tf.reduce_sum(events * (score - at_risk)) / tf.reduce_sum(events)


def concordance(t, e, s):
    usable = (t[:, None] < t[None, :]) & (e[:, None] == 1)
    return ((s[:, None] > s[None, :]) & usable).sum() / usable.sum()


model = tf.keras.Sequential([
    tf.keras.Input((P,)),
    tf.keras.layers.Dense(32, activation="selu", kernel_initializer="lecun_normal"),
    tf.keras.layers.AlphaDropout(0.1),
    tf.keras.layers.Dense(16, activation="selu", kernel_initializer="lecun_normal"),
    tf.keras.layers.Dense(1, use_bias=False),      # the likelihood ignores a constant
])
opt = tf.keras.optimizers.AdamW(1e-2, weight_decay=5e-3)


@tf.function
def fit_once():
    with tf.GradientTape() as tape:
        loss = neg_partial_likelihood(e_tr, model(x_tr, training=True))
    opt.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    return loss, neg_partial_likelihood(e_va, model(x_va, training=False))


best, kept, waited = np.inf, model.get_weights(), 0
for epoch in range(400):
    loss, val = (float(v) for v in fit_once())
    if val < best:
        best, kept, waited = val, model.get_weights(), 0
    else:
        waited += 1
    if epoch % 25 == 0:
        print("epoch %3d  loss %.4f  val %.4f" % (epoch, loss, val))
    if waited == 40:
        break
model.set_weights(kept)

score = model.predict(x_te, verbose=0).ravel()
truth = log_risk[perm[1250:]][np.argsort(-time[perm[1250:]])]
print("concordance on test patients: %.4f (true risk: %.4f)" % (
    concordance(t_te, e_te, score), concordance(t_te, e_te, truth)))
