# Mixture density network (Bishop 1994): the inverse problem has up to three answers per input.
import keras
import numpy as np
from keras import layers, ops

SEED = 19
K = 4
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)


def sample(n):
    y = rng.uniform(0, 1, (n, 1))
    x = y + 0.3 * np.sin(2 * np.pi * y) + rng.normal(0, 0.03, (n, 1))
    return ((x - 0.5) * 3).astype("float32"), ((y - 0.5) * 3).astype("float32")


def negative_log_likelihood(y, params):
    logits, mu, log_sigma = ops.split(params, 3, axis=-1)
    log_pi = ops.log_softmax(logits, axis=-1)
    log_normal = -0.5 * ops.square((y - mu) * ops.exp(-log_sigma)) - log_sigma - 0.5 * np.log(2 * np.pi)
    return -ops.logsumexp(log_pi + log_normal, axis=-1)


def network(k):
    means = np.concatenate([np.zeros(k), np.linspace(-1.2, 1.2, k) if k > 1 else [0.0], np.zeros(k) - 0.5])
    return keras.Sequential([
        keras.Input((1,)),
        layers.Dense(48, activation="tanh"),
        layers.Dense(48, activation="tanh"),
        layers.Dense(3 * k, bias_initializer=lambda shape, dtype=None: ops.convert_to_tensor(means, dtype)),
    ])


x_train, y_train = sample(3000)
x_val, y_val = sample(800)
x_test, y_test = sample(1000)
scores = {}
for name, k in (("one Gaussian", 1), ("mixture of %d" % K, K)):
    net = network(k)
    net.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(8e-3, 24 * 30), clipnorm=5.0),
                loss=negative_log_likelihood)
    net.fit(x_train, y_train, validation_data=(x_val, y_val), batch_size=128, epochs=30, verbose=0)
    scores[name] = net.evaluate(x_test, y_test, verbose=0)
for name, nll in scores.items():
    print("%-14s test negative log-likelihood %.3f" % (name, nll))
logits, mu, _ = np.split(net.predict(np.zeros((1, 1), "float32"), verbose=0)[0], 3)
print("answers at the centre:", np.round(np.sort(mu[logits > logits.max() - 3]), 2))
