"""Ratings of films: biases and factors of users and films (matrix factorisation)."""
import numpy as np
import tensorflow as tf


class Recommender:
    def __init__(self, users, films, factors, l2=0.0):
        g = tf.random.Generator.from_seed(7)
        self.mean = tf.Variable(0.0)
        self.user_bias = tf.Variable(tf.zeros([users]))
        self.film_bias = tf.Variable(tf.zeros([films]))
        self.P = tf.Variable(g.normal([users, factors], stddev=0.1))  # expect-or: overfitting
        self.Q = tf.Variable(g.normal([films, factors], stddev=0.1))  # expect-or: overfitting
        self.l2 = l2
        self.variables = [self.mean, self.user_bias, self.film_bias, self.P, self.Q]
        self.optimizer = tf.keras.optimizers.Adam(0.01)  # expect-or: overfitting

    def predict(self, u, f):
        pu, qf = tf.gather(self.P, u), tf.gather(self.Q, f)
        return self.mean + tf.gather(self.user_bias, u) + tf.gather(self.film_bias, f) + tf.reduce_sum(pu * qf, -1)

    @tf.function
    def update(self, u, f, r):
        with tf.GradientTape() as tape:
            mse = tf.reduce_mean((self.predict(u, f) - r) ** 2)  # expect-or: overfitting
            penalty = self.l2 * (tf.nn.l2_loss(self.P) + tf.nn.l2_loss(self.Q))
            loss = mse + penalty  # expect-or: overfitting
        self.optimizer.apply_gradients(zip(tape.gradient(loss, self.variables), self.variables))
        return mse

    @tf.function
    def score(self, u, f, r):
        return tf.reduce_mean((self.predict(u, f) - r) ** 2)


def ratings(users, films, count, rng):
    taste, genre = rng.normal(size=(users, 1)), rng.normal(size=(films, 1))
    table = 3.5 + 0.4 * rng.normal(size=(users, 1)) + 0.5 * rng.normal(size=(1, films)) + 0.5 * taste @ genre.T
    cells = rng.choice(users * films, count, replace=False)
    u, f = np.divmod(cells, films)
    r = np.clip(np.round(2 * (table[u, f] + 0.6 * rng.normal(size=count))) / 2, 0.5, 5)
    return u.astype("int32"), f.astype("int32"), r.astype("float32")


rng = np.random.default_rng(7)
tf.random.set_seed(7)
USERS, FILMS = 200, 120
u, f, r = ratings(USERS, FILMS, 6000, rng)
seen, held = slice(0, 4500), slice(4500, None)

model = Recommender(USERS, FILMS, factors=40)  # expect: overfitting
model.mean.assign(r[seen].mean())
train = tf.data.Dataset.from_tensor_slices((u[seen], f[seen], r[seen])).shuffle(4500, seed=7).batch(100)

for epoch in range(1, 21):
    running = np.mean([model.update(*batch) for batch in train])  # expect-or: overfitting
    if epoch % 2 == 0:
        held_mse = float(model.score(u[held], f[held], r[held]))  # expect-or: overfitting
        print(f"[{epoch:02d}] mse {running:.3f}   held-out mse {held_mse:.3f}")

print("held-out RMSE: %.3f" % np.sqrt(held_mse))
print("always the mean: %.3f" % np.std(r[held]))
