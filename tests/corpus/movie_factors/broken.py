# matrix factorisation for ratings. Worked in my old TF 2.10 notebook, after the
# upgrade the rmse stays where it starts
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(4)
g = np.random.default_rng(4)
USERS, MOVIES, K = 150, 100, 4

pu = g.normal(size=(USERS, K))
qi = g.normal(size=(MOVIES, K))
u = g.integers(0, USERS, 9000)
m = g.integers(0, MOVIES, 9000)
r = 3.0 + (pu[u] * qi[m]).sum(1) / 2 + 0.2 * g.normal(size=9000)
r = r.astype("float32")
ntrain = 7500


class Factors(tf.keras.Model):
    def __init__(self, users, movies, k):
        super().__init__()
        self.P = tf.Variable(  # expect: gradient-disconnected
            tf.random.normal((users, k), stddev=0.3), name="P")  # expect-or: update-missing
        self.Q = tf.Variable(  # expect-or: gradient-disconnected
            tf.random.normal((movies, k), stddev=0.3), name="Q")  # expect-or: update-missing
        self.movie_bias = tf.keras.layers.Embedding(movies, 1)
        self.user_bias = tf.keras.layers.Embedding(users, 1)
        self.scale = tf.keras.layers.Dense(1)

    def call(self, inputs):
        uu, mm = inputs
        dot = tf.reduce_sum(tf.gather(self.P, uu) * tf.gather(self.Q, mm), axis=1, keepdims=True)
        return self.scale(dot) + self.user_bias(uu) + self.movie_bias(mm)


net = Factors(USERS, MOVIES, K)
net((u[:2], m[:2]))
opt = tf.keras.optimizers.Adam(0.01)
data = tf.data.Dataset.from_tensor_slices(((u[:ntrain], m[:ntrain]), r[:ntrain])).shuffle(ntrain).batch(128)


@tf.function
def train_step(inp, y):
    with tf.GradientTape() as tape:
        p = tf.squeeze(net(inp, training=True), 1)
        loss = tf.reduce_mean((p - y) ** 2)
    grads = tape.gradient(loss, net.trainable_variables)  # expect-or: gradient-disconnected
    opt.apply_gradients(zip(grads, net.trainable_variables))  # expect-or: update-missing
    return loss


def rmse(lo, hi):
    p = net((u[lo:hi], m[lo:hi])).numpy()[:, 0]
    return float(np.sqrt(np.mean((p - r[lo:hi]) ** 2)))


print("std of ratings", r.std())
for ep in range(1, 26):
    for inp, y in data:
        train_step(inp, y)
    if ep % 5 == 0 or ep == 1:
        print("epoch %d  rmse train %.3f  test %.3f" % (ep, rmse(0, ntrain), rmse(ntrain, 9000)))
