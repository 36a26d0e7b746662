"""Matrix factorisation for film ratings (1 to 5 stars) with nothing but tf.Variable."""
import numpy as np
import tensorflow as tf

N_USERS, N_FILMS, K = 400, 250, 32
rng = np.random.default_rng(17)
tf.random.set_seed(17)

# --- made ratings: taste of the user x genre of the film, plus how good the film is
taste = rng.normal(0, 1, (N_USERS, 3))
genre = rng.normal(0, 1, (N_FILMS, 3))
quality = rng.normal(0, 0.5, N_FILMS)
u = rng.integers(0, N_USERS, 14000)
f = rng.integers(0, N_FILMS, 14000)
stars = 3.2 + quality[f] + 0.6 * np.sum(taste[u] * genre[f], 1) + rng.normal(0, 0.3, len(u))
stars = np.clip(np.round(stars * 2) / 2, 1, 5).astype("float32")
u_tr, f_tr, s_tr = u[:12000], f[:12000], stars[:12000]
u_te, f_te, s_te = u[12000:], f[12000:], stars[12000:]


class MF(tf.Module):
    def __init__(self, n_users, n_films, k, mean):
        super().__init__()
        self.P = tf.Variable(tf.random.normal([n_users, k]), name="P")  # expect: init-too-large
        self.Q = tf.Variable(tf.random.normal([n_films, k]), name="Q")  # expect-or: init-too-large
        self.bu = tf.Variable(tf.zeros([n_users]), name="bu")
        self.bf = tf.Variable(tf.zeros([n_films]), name="bf")
        self.mean = tf.constant(mean, tf.float32)

    def __call__(self, users, films):
        p, q = tf.gather(self.P, users), tf.gather(self.Q, films)
        return self.mean + tf.gather(self.bu, users) + tf.gather(self.bf, films) + tf.reduce_sum(p * q, axis=1)


mf = MF(N_USERS, N_FILMS, K, s_tr.mean())
opt = tf.keras.optimizers.Adam(0.005)


@tf.function
def learn(users, films, s):
    with tf.GradientTape() as tape:
        mse = tf.reduce_mean(tf.square(s - mf(users, films)))
        cost = mse + 2e-4 * (tf.nn.l2_loss(mf.P) + tf.nn.l2_loss(mf.Q)) / 10.0
    v = mf.trainable_variables
    opt.apply_gradients(zip([tf.convert_to_tensor(g) for g in tape.gradient(cost, v)], v))
    return mse


def rmse(users, films, s):
    return float(tf.sqrt(tf.reduce_mean(tf.square(s - mf(users, films)))))


ratings = tf.data.Dataset.from_tensor_slices((u_tr, f_tr, s_tr)).shuffle(12000, seed=1).batch(256)
for epoch in range(14):
    cost = np.mean([learn(*b).numpy() for b in ratings])
    print(f"epoch {epoch:2d}  train rmse {cost ** 0.5:.3f}  test rmse {rmse(u_te, f_te, s_te):.3f}")

print("always the mean:", float(np.std(s_te - s_tr.mean())))
best = np.argsort(-mf(np.full(N_FILMS, 3), np.arange(N_FILMS)).numpy())[:5]
print("films for user 3:", best, " true order of taste:", np.argsort(-(quality + 0.6 * genre @ taste[3]))[:5])
