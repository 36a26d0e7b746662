import keras
import numpy as np
import tensorflow as tf
from keras import ops
from sklearn.datasets import load_diabetes

keras.utils.set_random_seed(77)


class BayesDense(keras.layers.Layer):
    """Bayes by Backprop (Blundell et al.): Gaussian posterior for every weight, N(0, prior_std) prior."""

    def __init__(self, units, n_data, activation=None, prior_std=1.0, **kw):
        super().__init__(**kw)
        self.units, self.n_data, self.prior_std = units, n_data, prior_std
        self.act = keras.activations.get(activation)
        self.seed = keras.random.SeedGenerator(units)

    def build(self, s):
        n = s[-1]
        rho = keras.initializers.Constant(-4.0)          # softplus(-4) = 0.018
        self.w_mu = self.add_weight(shape=(n, self.units), initializer="glorot_uniform", name="w_mu")
        self.w_rho = self.add_weight(shape=(n, self.units), initializer=rho, name="w_rho")
        self.b_mu = self.add_weight(shape=(self.units,), initializer="zeros", name="b_mu")
        self.b_rho = self.add_weight(shape=(self.units,), initializer=rho, name="b_rho")

    def draw(self, mu, rho):
        sigma = ops.softplus(rho)
        kl = (ops.log(self.prior_std / sigma) + (sigma ** 2 + mu ** 2) / (2 * self.prior_std ** 2) - 0.5)
        self.add_loss(ops.sum(kl) / self.n_data)
        return mu + sigma * keras.random.normal(ops.shape(mu), seed=self.seed)

    def call(self, x):
        # the weights are sampled at prediction time too
        return self.act(ops.matmul(x, self.draw(self.w_mu, self.w_rho)) + self.draw(self.b_mu, self.b_rho))


X, y = load_diabetes(return_X_y=True)
order = np.random.RandomState(7).permutation(len(X))
tr, te = order[:340], order[340:]
X = ((X - X[tr].mean(0)) / X[tr].std(0)).astype("float32")
m, s = y[tr].mean(), y[tr].std()
t = ((y - m) / s).astype("float32")[:, None]


def gaussian_nll(y_true, out):
    mean, log_sd = out[:, :1], ops.clip(out[:, 1:], -4.0, 3.0)
    return ops.mean(log_sd + 0.5 * ops.square((y_true - mean) * ops.exp(-log_sd)), axis=-1)


net = keras.Sequential([
    keras.Input((X.shape[1],)),
    BayesDense(16, len(tr), "tanh", prior_std=0.5),
    BayesDense(2, len(tr), prior_std=0.5),
])
net.compile(keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(2e-2, 200, 0.5)), loss=gaussian_nll)


class Report(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if "val_loss" in logs:
            print(f"epoch {epoch:3d}  free energy {logs['loss']:.4f}  validation {logs['val_loss']:.4f}")


net.fit(X[tr], t[tr], batch_size=34, epochs=70, validation_data=(X[te], t[te]), validation_freq=7,
        verbose=0, callbacks=[Report()])

draws = np.stack([net(X[te]).numpy() for _ in range(60)])
mean = draws[..., 0].mean(0)
epistemic, aleatoric = draws[..., 0].std(0), np.exp(draws[..., 1]).mean(0)
total = np.sqrt(epistemic ** 2 + aleatoric ** 2)
r2 = 1 - np.sum((mean - t[te][:, 0]) ** 2) / np.sum((t[te][:, 0] - t[te].mean()) ** 2)
print(f"RMSE {np.sqrt(np.mean((mean - t[te][:, 0]) ** 2)) * s:.1f}  (mean predictor {y[te].std():.1f}),  R2 {r2:.3f}")
print(f"epistemic {epistemic.mean() * s:.1f}, aleatoric {aleatoric.mean() * s:.1f}")
print(f"inside the 90 % interval: {np.mean(np.abs(mean - t[te][:, 0]) < 1.645 * total):.1%}")
