# %% Realised-volatility nowcast with a hand-written GRU
import math

import numpy as np
import tensorflow as tf

tf.random.set_seed(13)
rng = np.random.default_rng(13)

# %% Simulated daily log returns with a slowly moving volatility
DAYS = 30
SERIES = 2400
log_vol = np.cumsum(rng.normal(0, 0.15, (SERIES, DAYS)), axis=1) + rng.normal(0, 0.5, (SERIES, 1))
returns = np.exp(log_vol) * rng.standard_t(8, (SERIES, DAYS))
weights = 0.8 ** np.arange(DAYS)[::-1]
nowcast = np.log((np.abs(returns) * weights).sum(1) / weights.sum())

x = np.stack([np.log(np.abs(returns) + 0.05), np.sign(returns)], axis=-1).astype("float32")
x = (x - x[:1800].mean((0, 1))) / x[:1800].std((0, 1))
y = ((nowcast - nowcast[:1800].mean()) / nowcast[:1800].std()).astype("float32")[:, None]
x_tr, y_tr, x_te, y_te = x[:1800], y[:1800], x[1800:], y[1800:]


# %% Cell
class GRU(tf.Module):
    def __init__(self, n_in, units, horizon):
        super().__init__()

        def glorot(a, b):
            s = math.sqrt(6 / (a + b))
            return tf.Variable(tf.random.uniform([a, b], -s, s))

        self.units = units
        self.wz, self.wr, self.wc = (glorot(n_in + units, units) for _ in range(3))
        self.bz = tf.Variable(tf.fill([units], math.log(horizon - 1)))
        self.br = tf.Variable(tf.zeros([units]))
        self.bc = tf.Variable(tf.zeros([units]))
        self.wo = glorot(units, 1)
        self.bo = tf.Variable(tf.zeros([1]))

    def __call__(self, seq):
        h = tf.zeros([tf.shape(seq)[0], self.units])
        for t in range(seq.shape[1]):
            both = tf.concat([seq[:, t], h], axis=1)
            z = tf.sigmoid(both @ self.wz + self.bz)
            r = tf.sigmoid(both @ self.wr + self.br)
            c = tf.tanh(tf.concat([seq[:, t], r * h], axis=1) @ self.wc + self.bc)
            h = z * h + (1.0 - z) * c
        return h @ self.wo + self.bo


cell = GRU(2, 20, DAYS)
adam = tf.keras.optimizers.Adam(5e-3, clipnorm=5.0)


# %% Training
@tf.function
def fit_batch(a, b):
    with tf.GradientTape() as tape:
        mse = tf.reduce_mean(tf.square(cell(a) - b))
    g = tape.gradient(mse, cell.trainable_variables)
    adam.apply_gradients(zip(g, cell.trainable_variables))
    return mse


for epoch in range(15):
    order = rng.permutation(len(x_tr))
    track = []
    for k in range(0, len(order) - 99, 100):
        take = order[k : k + 100]
        track.append(float(fit_batch(x_tr[take], y_tr[take])))
    print(f"epoch {epoch:2d} mse {np.mean(track):.4f}")

# %% Out of sample
pred = cell(tf.constant(x_te)).numpy()
r2 = 1 - np.sum((pred - y_te) ** 2) / np.sum((y_te - y_te.mean()) ** 2)
print(f"out-of-sample R2 {r2:.3f}, mean absolute error {np.mean(np.abs(pred - y_te)):.3f}")
