# %% [markdown]
# # Mixture density network for an inverse problem
# Two-link arm: given the height of the hand, what is the shoulder angle? There are two
# answers, so the mean is useless and the network gives out a mixture of 4 Gaussians.

# %%
import numpy as np
import keras
from keras import layers, ops

keras.utils.set_random_seed(42)
n = 6000
angle = np.random.uniform(0.1, np.pi - 0.1, n)
height = np.sin(angle) + np.random.normal(0, 0.01, n)

x = ((height - height.mean()) / height.std()).astype("float32")[:, None]
y = (angle - np.pi / 2).astype("float32")[:, None]      # centred, symmetric about 0
x_fit, y_fit, x_hold, y_hold = x[:5000], y[:5000], x[5000:], y[5000:]

# %%
COMPONENTS = 4


def split(params):
    logit, mu, log_sigma = ops.split(params, 3, axis=-1)
    return logit, mu, ops.clip(log_sigma, -5.0, 2.0)


def nll(y_true, params):
    logit, mu, log_sigma = split(params)
    z = (y_true - mu) * ops.exp(-log_sigma)
    log_normal = -0.5 * z**2 - log_sigma - 0.5 * np.log(2 * np.pi)
    return -ops.logsumexp(ops.log_softmax(logit, axis=-1) + log_normal, axis=-1)


inp = keras.Input((1,))
h = layers.Dense(48, activation="tanh")(inp)
h = layers.Dense(48, activation="tanh")(h)
spread = keras.initializers.RandomUniform(-1.5, 1.5)
out = layers.Concatenate()([
    layers.Dense(COMPONENTS, name="mix", kernel_initializer="zeros")(h),
    layers.Dense(COMPONENTS, name="mu", bias_initializer=spread)(h),
    layers.Dense(COMPONENTS, name="log_sigma", kernel_initializer="zeros")(h),
])
mdn = keras.Model(inp, out)
rate = keras.optimizers.schedules.CosineDecay(2e-3, decay_steps=40 * 50)
mdn.compile(keras.optimizers.Adam(rate), loss=nll)

# %%
hist = mdn.fit(x_fit, y_fit, epochs=40, batch_size=100, validation_data=(x_hold, y_hold), verbose=0)
for e in (0, 4, 9, 19, 29, 39):
    print(f"epoch {e + 1:2d}  nll {hist.history['loss'][e]:+.3f}  val {hist.history['val_loss'][e]:+.3f}")

# %% what would the best single Gaussian give?
single = 0.5 * np.log(2 * np.pi * np.e * y_fit.var())
params = mdn.predict(x_hold, verbose=0)
logit, mu, log_sigma = (ops.convert_to_numpy(t) for t in split(params))
strongest = np.argmax(logit - log_sigma, axis=1)
mode = np.take_along_axis(mu, strongest[:, None], axis=1)
error = np.minimum(np.abs(mode - y_hold), np.abs(-mode - y_hold))
print(f"one Gaussian {single:+.3f}, mixture {hist.history['val_loss'][-1]:+.3f} nats")
print(f"median distance of the mode from one of the two answers: {np.median(error):.3f} rad")
