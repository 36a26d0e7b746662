"""Delivery time in minutes: 10 %, 50 % and 90 % quantiles, pinball loss, targets kept in minutes."""
import numpy as np
import keras
from keras import layers, ops

keras.utils.set_random_seed(19)
QS = np.array([.1, .5, .9], "float32")

g = np.random.default_rng(3)
n = 6000
km = g.gamma(2.5, 1.6, n)
rain = (g.random(n) < .25).astype(float)
hour = g.uniform(10, 23, n)
rush = np.exp(-.5 * ((hour - 18.5) / 1.3) ** 2)
base = 12 + 3.1 * km + 6 * rush + 4 * rain
minutes = base + g.gamma(2.0, 1.2 + .5 * km * (1 + rain), n)
X = np.c_[km, rain, hour]
cut1, cut2 = 4000, 5000
mu, sd = X[:cut1].mean(0), X[:cut1].std(0)
X = ((X - mu) / sd).astype("float32")
y = minutes.astype("float32")[:, None]


@keras.saving.register_keras_serializable()
def pinball(y_true, y_pred):
    e = y_true - y_pred                                   # (batch, 1) against one column per quantile
    return ops.mean(ops.maximum(QS * e, (QS - 1) * e), axis=-1)


class Ordered(layers.Layer):
    """Median plus positive distances down and up: the quantiles can't cross."""
    def call(self, z):
        mid = z[:, 1:2]
        return ops.concatenate([mid - ops.softplus(z[:, 0:1]), mid, mid + ops.softplus(z[:, 2:3])], axis=1)


lo, med, hi = np.quantile(y[:cut1], QS)
start = keras.initializers.Constant(np.array([med - lo, med, hi - med], "float32"))   # the marginal quantiles
model = keras.Sequential([
    keras.Input((3,)),
    layers.Dense(48, activation="relu"),
    layers.Dense(48, activation="relu"),
    layers.Dense(3, bias_initializer=start),
    Ordered(),
])
model.compile(keras.optimizers.Adam(3e-3), loss=pinball)
model.fit(X[:cut1], y[:cut1], validation_data=(X[cut1:cut2], y[cut1:cut2]), batch_size=64, epochs=30, verbose=2,
          callbacks=[keras.callbacks.ReduceLROnPlateau(patience=3, factor=.3),
                     keras.callbacks.EarlyStopping(patience=7, restore_best_weights=True)])

q = model.predict(X[cut2:], verbose=0)
t = y[cut2:]
const = np.broadcast_to(np.array([lo, med, hi], "float32"), q.shape)
pb = lambda p: float(np.mean(np.maximum(QS * (t - p), (QS - 1) * (t - p))))
print("share below each quantile:", (t < q).mean(0).round(3), "wanted", QS)
print("width of the 80 %% band: %.1f min (without inputs: %.1f)" % ((q[:, 2] - q[:, 0]).mean(), hi - lo))
print("pinball loss: %.3f (without inputs: %.3f)" % (pb(q), pb(const)))
