# Statistical learning project: neural exponential survival model
# T_i ~ Exp(hazard h(x_i)), right censored.  We fit log h(x) with a small MLP
# by the likelihood of the lecture notes:
#     l = sum_i  d_i * log h(x_i)  -  h(x_i) * t_i
import numpy as np
import tensorflow as tf

np.random.seed(42)
tf.random.set_seed(42)

# ------------------------------------------------------------------ data
n = 2400
age = np.random.normal(0, 1, n)
dose = np.random.normal(0, 1, n)
marker = np.random.normal(0, 1, n)
stage = np.random.randint(0, 3, n)
X = np.column_stack([age, dose, marker, stage == 1, stage == 2]).astype("float32")
log_h = -0.5 + 0.9 * age - 0.8 * np.tanh(2 * dose) + 0.6 * marker * (stage == 2) + 0.5 * (stage - 1)
T = np.random.exponential(1 / np.exp(log_h))
C = np.random.exponential(4.0, n)
time = np.minimum(T, C).astype("float32")
event = (T <= C).astype("float32")
print("patients: %d, events: %.1f%%" % (n, 100 * event.mean()))

Xtr, ttr, dtr = X[:1800], time[:1800], event[:1800]
Xte, tte, dte = X[1800:], time[1800:], event[1800:]


# ------------------------------------------------------------------ model
class MLP(tf.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.w1 = tf.Variable(tf.random.normal([n_in, n_hidden], stddev=n_in ** -0.5))
        self.b1 = tf.Variable(tf.zeros([n_hidden]))
        self.w2 = tf.Variable(tf.random.normal([n_hidden, 1], stddev=n_hidden ** -0.5))
        self.b2 = tf.Variable(tf.zeros([1]))

    def __call__(self, x):
        h = tf.nn.tanh(x @ self.w1 + self.b1)
        # keep the log hazard in a sane range, exp() overflows otherwise
        return tf.clip_by_value(tf.squeeze(h @ self.w2 + self.b2, -1), -8.0, 8.0)


def log_likelihood(log_hazard, t, d):
    return tf.reduce_mean(d * log_hazard - tf.exp(log_hazard) * t)


def c_index(risk, t, d):
    ok = (t[:, None] < t[None, :]) & (d[:, None] == 1)
    better = (risk[:, None] > risk[None, :]) + 0.5 * (risk[:, None] == risk[None, :])
    return (better * ok).sum() / ok.sum()


model = MLP(5, 24)
opt = tf.keras.optimizers.Adam(0.003)


@tf.function
def train_step(x, t, d):
    with tf.GradientTape() as tape:
        loss = -log_likelihood(model(x), t, d)
    g = tape.gradient(loss, model.trainable_variables)
    opt.apply_gradients(zip(g, model.trainable_variables))
    return loss


ds = tf.data.Dataset.from_tensor_slices((Xtr, ttr, dtr)).shuffle(1800, seed=1).batch(60)
for epoch in range(20):
    mean = tf.keras.metrics.Mean()
    for batch in ds:
        mean.update_state(train_step(*batch))
    if epoch % 2 == 1:
        print("epoch", epoch + 1, "objective %.4f" % float(mean.result()),
              "C-index train %.3f" % c_index(model(Xtr).numpy(), ttr, dtr))

print("test C-index: %.4f" % c_index(model(Xte).numpy(), tte, dte))
