"""Mixture density network on the inverse problem of Bishop (1994): several t for one x."""
import math
import numpy as np
import tensorflow as tf

SEED = 28
tf.keras.utils.set_random_seed(SEED)
K = 5
N, BATCH, EPOCHS = 2000, 100, 100

rs = np.random.RandomState(1)
t_all = rs.uniform(0, 1, 3000)
x_all = t_all + 0.3 * np.sin(2 * np.pi * t_all) + rs.uniform(-0.05, 0.05, 3000)
x_all, t_all = [a.astype("float32")[:, None] for a in (2 * x_all - 1, t_all)]   # x roughly in -1..1
(x_tr, x_va, x_te), (t_tr, t_va, t_te) = [np.split(a, [N, 2500]) for a in (x_all, t_all)]

net = tf.keras.Sequential([tf.keras.Input((1,)),
                           tf.keras.layers.Dense(40, activation="tanh"),
                           tf.keras.layers.Dense(40, activation="tanh"),
                           tf.keras.layers.Dense(3 * K)])
# spread the component means over the range of t so that they can specialise
bias = net.layers[-1].bias
bias.assign(np.concatenate([np.zeros(K), np.linspace(.1, .9, K), np.full(K, -1.5)]).astype("float32"))

sched = tf.keras.optimizers.schedules.CosineDecay(5e-3, EPOCHS * N // BATCH)
opt = tf.keras.optimizers.Adam(sched, clipnorm=5.0)
opt.build(net.trainable_variables)


def nll(x, t):
    logit, mu, log_sigma = tf.split(net(x), 3, axis=1)
    log_sigma = tf.maximum(log_sigma, -5.0)
    logp = -0.5 * ((t - mu) / tf.exp(log_sigma)) ** 2 - log_sigma - 0.5 * math.log(2 * math.pi)
    return -tf.reduce_mean(tf.reduce_logsumexp(tf.nn.log_softmax(logit) + logp, axis=1))


@tf.function
def epoch(x, t):
    order, total = tf.random.shuffle(tf.range(N)), 0.0
    for k in tf.range(N // BATCH):
        rows = order[k * BATCH:(k + 1) * BATCH]
        xb, tb = tf.gather(x, rows), tf.gather(t, rows)
        with tf.GradientTape() as tape:
            loss = nll(xb, tb)
        opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
        total += loss
    return total / (N // BATCH)


x_tensor, t_tensor = tf.constant(x_tr), tf.constant(t_tr)
for e in range(1, EPOCHS + 1):
    tr = epoch(x_tensor, t_tensor)
    if e % 10 == 0:
        print("epoch %3d  train nll %+.3f  val nll %+.3f" % (e, tr, nll(x_va, t_va)))

# densities may exceed one, so a good NLL is negative; a single Gaussian around a cubic fit compares
coef = np.polyfit(x_tr[:, 0], t_tr[:, 0], 3)
sig = np.std(t_tr[:, 0] - np.polyval(coef, x_tr[:, 0]))
res = (t_te[:, 0] - np.polyval(coef, x_te[:, 0])) / sig
print("test NLL, one Gaussian %+.3f" % np.mean(.5 * res ** 2 + math.log(sig) + .5 * math.log(2 * math.pi)))
print("test NLL, mixture      %+.3f" % nll(x_te, t_te))
