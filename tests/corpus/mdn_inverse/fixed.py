"""Mixture density network on the inverse problem of Bishop's book, chapter 5.6."""
import math
import numpy as np
import tensorflow as tf

tf.random.set_seed(4)
rng = np.random.default_rng(4)


def sample(n):
    t = rng.uniform(0, 1, (n, 1))
    x = t + 0.3 * np.sin(2 * math.pi * t) + rng.uniform(-0.1, 0.1, (n, 1))
    return ((x - 0.5) / 0.3).astype("float32"), ((t - 0.5) / 0.3).astype("float32")


x_train, t_train = sample(1500)
x_test, t_test = sample(500)


class MDN(tf.Module):
    def __init__(self, n_hidden=40, n_mix=4, name=None):
        super().__init__(name=name)
        self.w1 = tf.Variable(tf.random.normal([1, n_hidden], stddev=1.0))
        self.b1 = tf.Variable(tf.random.normal([n_hidden], stddev=0.5))
        self.w2 = tf.Variable(tf.random.normal([n_hidden, n_hidden], stddev=1 / math.sqrt(n_hidden)))
        self.b2 = tf.Variable(tf.zeros([n_hidden]))
        self.w3 = tf.Variable(tf.random.normal([n_hidden, 3 * n_mix], stddev=1 / math.sqrt(n_hidden)))
        self.b3 = tf.Variable(tf.zeros([3 * n_mix]))

    def __call__(self, x):
        h = tf.tanh(x @ self.w1 + self.b1)
        h = tf.tanh(h @ self.w2 + self.b2)
        logit_pi, mu, log_sigma = tf.split(h @ self.w3 + self.b3, 3, axis=1)
        return logit_pi, mu, tf.clip_by_value(log_sigma, -5.0, 3.0)

    def nll(self, x, t):
        logit_pi, mu, log_sigma = self(x)
        log_prob = -0.5 * ((t - mu) * tf.exp(-log_sigma)) ** 2 - log_sigma - 0.5 * math.log(2 * math.pi)
        return -tf.reduce_mean(tf.reduce_logsumexp(tf.nn.log_softmax(logit_pi) + log_prob, axis=1))


net = MDN()
params = net.trainable_variables
m = [tf.Variable(tf.zeros_like(p)) for p in params]
v = [tf.Variable(tf.zeros_like(p)) for p in params]
t_step = tf.Variable(0.0)


@tf.function
def adam_step(x, t, lr=5e-3, b1=0.9, b2=0.999):
    with tf.GradientTape() as tape:
        loss = net.nll(x, t)
    t_step.assign_add(1.0)
    for p, g, mi, vi in zip(params, tape.gradient(loss, params), m, v):
        mi.assign(b1 * mi + (1 - b1) * g)
        vi.assign(b2 * vi + (1 - b2) * g * g)
        m_hat = mi / (1 - b1 ** t_step)
        v_hat = vi / (1 - b2 ** t_step)
        p.assign_sub(lr * m_hat / (tf.sqrt(v_hat) + 1e-8))
    return loss


for it in range(1200):
    i = rng.integers(len(x_train), size=256)
    loss = adam_step(tf.constant(x_train[i]), tf.constant(t_train[i]))
    if it % 200 == 199:
        print(f"iter {it + 1:5d}  nll {float(loss):.4f}")

_, mu, _ = net(tf.zeros([1, 1]))
print("component means at the ambiguous input:", np.round(np.sort(mu.numpy()[0]), 2))
print(f"test negative log-likelihood {float(net.nll(x_test, t_test)):.4f}")
