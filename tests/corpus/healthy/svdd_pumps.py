# Deep SVDD: learn a small sphere around readings of healthy pumps, flag what falls outside.
import numpy as np
import keras
from keras import layers, ops, regularizers
from sklearn.covariance import EmpiricalCovariance
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import MinMaxScaler

keras.utils.set_random_seed(8)
rng = np.random.default_rng(8)
SENSORS, CAUSES = 20, 3
mix = rng.normal(size=(CAUSES, SENSORS))
bend = 0.6 * rng.normal(size=(CAUSES, SENSORS))


def healthy(n):
    s = rng.uniform(-1.5, 1.5, (n, CAUSES))
    return 5 + s @ mix + np.tanh(1.5 * s) @ bend + 0.15 * rng.normal(size=(n, SENSORS))


def faulty(n):
    x = healthy(n)
    for row in x:
        hit = rng.choice(SENSORS, 3, replace=False)
        row[hit] += rng.choice([-1, 1], 3) * rng.uniform(0.5, 1.5, 3)
    return x


x_fit, x_ok, x_bad = healthy(2500), healthy(500), faulty(500)
scaler = MinMaxScaler().fit(x_fit)
x_fit = scaler.transform(x_fit).astype("float32")
x_eval = scaler.transform(np.r_[x_ok, x_bad]).astype("float32")
is_odd = np.r_[np.zeros(500), np.ones(500)]

DIM = 16
wd = regularizers.L2(1e-6)
phi = keras.Sequential([
    keras.Input((SENSORS,)),
    layers.Dense(64, use_bias=False, activation="leaky_relu", kernel_regularizer=wd),
    layers.Dense(32, use_bias=False, activation="leaky_relu", kernel_regularizer=wd),
    layers.Dense(DIM, use_bias=False, kernel_regularizer=wd),
], name="phi")

# centre: mean of the initial outputs, kept away from zero
c = phi.predict(x_fit, verbose=0).mean(0)
c = np.where(np.abs(c) < 0.1, np.where(c < 0, -0.1, 0.1), c).astype("float32")
target = np.tile(c, (len(x_fit), 1))


def sphere(centre, z):
    return ops.sum((z - centre) ** 2, axis=-1)


def report(tag):
    d_fit = ((phi.predict(x_fit, verbose=0) - c) ** 2).sum(1)
    d = ((phi.predict(x_eval, verbose=0) - c) ** 2).sum(1)
    r2 = np.quantile(d_fit, 0.95)
    print(f"{tag:>10s}: mean d2 fit {d_fit.mean():.5f}, held-out healthy {d[is_odd == 0].mean():.5f}, faulty {d[is_odd == 1].mean():.5f}")
    print(f"{'':>10s}  R2 {r2:.5f}  AUC {roc_auc_score(is_odd, d):.3f}  "
          f"flagged healthy {np.mean(d[is_odd == 0] > r2):.1%}, faulty {np.mean(d[is_odd == 1] > r2):.1%}")


print(f"{len(x_fit)} healthy readings to fit; {len(x_ok)} healthy and {len(x_bad)} faulty to judge")
report("start")
phi.compile(optimizer=keras.optimizers.Adam(1e-3), loss=sphere)
for rounds, lr in ((20, 1e-3), (15, 2e-4)):
    phi.optimizer.learning_rate.assign(lr)
    h = phi.fit(x_fit, target, batch_size=50, epochs=rounds, verbose=0)
    print(f"lr {lr:g}: loss {h.history['loss'][0]:.5f} -> {h.history['loss'][-1]:.5f}")
    report(f"{rounds} epochs")

m = EmpiricalCovariance().fit(x_fit).mahalanobis(x_eval)
e = ((x_eval - x_fit.mean(0)) ** 2).sum(1)
print(f"AUC of the plain distance to the mean {roc_auc_score(is_odd, e):.3f}, of Mahalanobis {roc_auc_score(is_odd, m):.3f}")
