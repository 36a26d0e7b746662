"""Gaussian-process regression: the hyperparameters are fitted by type-II maximum likelihood."""
import numpy as np
import tensorflow as tf

tf.keras.backend.set_floatx("float64")
rng = np.random.default_rng(30)
LOG2PI = np.log(2 * np.pi)


def process(x):
    return 0.6 * np.sin(3 * x[:, 0]) * np.cos(2 * x[:, 1]) + 0.2 * x[:, 0]


x = rng.uniform(-2, 2, (400, 3))           # the third input carries nothing
y = process(x) + 0.08 * rng.normal(size=400)
x_new = rng.uniform(-2, 2, (400, 3))
y_new = process(x_new) + 0.08 * rng.normal(size=400)
mean = y.mean()
X, Y = tf.constant(x), tf.constant((y - mean)[:, None])


class GP(tf.Module):
    def __init__(self, dim):
        super().__init__()
        self.log_len = tf.Variable(np.zeros(dim), name="log_lengthscales")
        self.log_amp = tf.Variable(np.float64(0.0), name="log_amplitude")
        self.log_noise = tf.Variable(np.log(np.float64(0.3)), name="log_noise")

    def kernel(self, a, b):
        a, b = a / tf.exp(self.log_len), b / tf.exp(self.log_len)
        d2 = tf.reduce_sum((a[:, None, :] - b[None, :, :]) ** 2, axis=-1)
        return tf.exp(2 * self.log_amp) * tf.exp(-0.5 * d2)

    def chol(self):
        n = X.shape[0]
        K = self.kernel(X, X) + (tf.exp(2 * self.log_noise) + 1e-8) * tf.eye(n, dtype=tf.float64)
        return tf.linalg.cholesky(K)

    def negative_log_evidence(self):
        L = self.chol()
        a = tf.linalg.triangular_solve(L, Y)
        n = X.shape[0]
        return 0.5 * tf.reduce_sum(a ** 2) + tf.reduce_sum(tf.math.log(tf.linalg.diag_part(L))) + 0.5 * n * LOG2PI

    def predict(self, z):
        L = self.chol()
        ks = self.kernel(X, tf.constant(z))
        v = tf.linalg.triangular_solve(L, ks)
        mu = tf.matmul(v, tf.linalg.triangular_solve(L, Y), transpose_a=True)[:, 0]
        var = tf.exp(2 * self.log_amp) - tf.reduce_sum(v ** 2, axis=0) + tf.exp(2 * self.log_noise)
        return mu.numpy() + mean, np.sqrt(var.numpy())


gp = GP(3)
optimizer = tf.keras.optimizers.Adam(0.05)


@tf.function
def step():
    with tf.GradientTape() as tape:
        nle = gp.negative_log_evidence()
    optimizer.apply_gradients(zip(tape.gradient(nle, gp.trainable_variables), gp.trainable_variables))
    return nle


for i in range(1, 121):
    nle = step()
    if i == 1 or i % 12 == 0:
        mu, sd = gp.predict(x_new)
        lpd = np.mean(-0.5 * ((y_new - mu) / sd) ** 2 - np.log(sd) - 0.5 * LOG2PI)
        print(f"{i:4d}  -log evidence {float(nle):9.3f}   new points: rmse {np.sqrt(np.mean((mu - y_new) ** 2)):.4f}  log density {lpd:+.3f}")

mu, sd = gp.predict(x_new)
print("length scales", np.round(np.exp(gp.log_len.numpy()), 2),
      "amplitude %.2f noise %.4f (true 0.08)" % (np.exp(gp.log_amp.numpy()), np.exp(gp.log_noise.numpy())))
print(f"95% interval covers {np.mean(np.abs(y_new - mu) < 1.96 * sd):.1%} of new points")
