"""Bayes by Backprop in bare TensorFlow: every weight is a Gaussian, trained through the
reparameterisation trick; the noise on the weights is wanted."""
import math
import numpy as np
import tensorflow as tf

SEED = 7
tf.random.set_seed(SEED)
rng = np.random.default_rng(2)
NOISE = 0.1


def target(x):
    return np.sin(3 * x) + .3 * x


x_train = rng.uniform(-1.5, 1.5, (2000, 1)).astype("float32")
y_train = (target(x_train) + rng.normal(0, NOISE, x_train.shape)).astype("float32")
x_test = np.linspace(-1.5, 1.5, 300, dtype="float32")[:, None]
y_test = (target(x_test) + rng.normal(0, NOISE, x_test.shape)).astype("float32")


class BayesDense(tf.Module):
    def __init__(self, n_in, n_out, prior=1.0):
        super().__init__()
        self.mu = tf.Variable(tf.random.normal([n_in + 1, n_out], stddev=1 / math.sqrt(n_in)))
        self.rho = tf.Variable(tf.fill([n_in + 1, n_out], -4.0))
        self.prior = prior

    def __call__(self, x):
        sigma = tf.nn.softplus(self.rho)
        w = self.mu + sigma * tf.random.normal(tf.shape(self.mu))
        return x @ w[:-1] + w[-1]

    def kl(self):
        s = tf.nn.softplus(self.rho)
        return tf.reduce_sum(tf.math.log(self.prior / s) + (s ** 2 + self.mu ** 2) / (2 * self.prior ** 2) - .5)


class Net(tf.Module):
    def __init__(self):
        super().__init__()
        self.layers = [BayesDense(1, 16), BayesDense(16, 16), BayesDense(16, 1)]
        self.log_noise = tf.Variable(-1.0)

    def __call__(self, x):
        for layer in self.layers[:-1]:
            x = tf.tanh(layer(x))
        return self.layers[-1](x)

    def kl(self):
        return tf.add_n([layer.kl() for layer in self.layers])


net = Net()
STEPS, BATCH = 5000, 100
opt = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(1e-2, STEPS))
opt.build(net.trainable_variables)


def nll(x, y):
    return tf.reduce_mean(.5 * ((y - net(x)) / tf.exp(net.log_noise)) ** 2 + net.log_noise + .5 * math.log(2 * math.pi))


@tf.function
def train(data, n):
    loss = 0.0
    for x, y in data.take(n):
        with tf.GradientTape() as tape:
            loss = nll(x, y) + net.kl() / len(x_train)          # KL of one data point's share
        v = net.trainable_variables
        opt.apply_gradients(zip(tape.gradient(loss, v), v))
    return loss


data = tf.data.Dataset.from_tensor_slices((x_train, y_train)).cache().shuffle(2000).batch(BATCH).repeat()
for k in range(5):
    elbo = train(data, tf.constant(STEPS // 5, tf.int64))
    print("step %4d  negative ELBO %.3f  KL %.1f  noise %.3f" % ((k + 1) * STEPS // 5, elbo, net.kl(), math.exp(net.log_noise)))

draws = np.stack([net(x_test).numpy() for _ in range(200)])
mean, std = draws.mean(0), np.sqrt(draws.var(0) + math.exp(2 * net.log_noise.numpy()))
print("RMSE %.3f (noise of the data %.3f, spread %.3f)" % (np.sqrt(np.mean((y_test - mean) ** 2)), NOISE, y_test.std()))
print("95 %% band covers %.3f" % np.mean(np.abs(y_test - mean) < 1.96 * std))
