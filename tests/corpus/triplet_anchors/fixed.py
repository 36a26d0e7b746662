import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.keras.utils.set_random_seed(0)


class TripletSampler:
    """Anchor, another image of the class, an image of a different class."""

    def __init__(self, x, y, seed):
        self.x, self.y = x, y
        self.rng = np.random.default_rng(seed)
        self.by_class = [np.flatnonzero(y == c) for c in range(10)]

    def batch(self, n):
        anchor = self.rng.integers(len(self.x), size=n)
        pos = [self.rng.choice(self.by_class[self.y[i]]) for i in anchor]
        neg = [self.rng.choice(self.by_class[(self.y[i] + self.rng.integers(1, 10)) % 10])
               for i in anchor]
        return self.x[anchor], self.x[pos], self.x[neg]


class MetricLearner:
    def __init__(self, margin=1.0, lr=1e-3):
        self.margin = margin
        self.encoder = tf.keras.Sequential([
            tf.keras.Input((64,)),
            tf.keras.layers.Dense(128, activation="relu"),
            tf.keras.layers.Dense(64, activation="relu"),
            tf.keras.layers.Dense(16),
        ])
        self.opt = tf.keras.optimizers.Adam(lr)

    def distance(self, ea, eb):
        sq = tf.reduce_sum(tf.square(ea - eb), axis=1)
        return tf.sqrt(tf.maximum(sq, 1e-9))

    def distances(self, a, p, n):
        ea, ep, en = self.encoder(a), self.encoder(p), self.encoder(n)
        return self.distance(ea, ep), self.distance(ea, en)

    def step(self, a, p, n):
        with tf.GradientTape() as tape:
            near, far = self.distances(a, p, n)
            loss = tf.reduce_mean(tf.nn.relu(near - far + self.margin))
        weights = self.encoder.trainable_variables
        self.opt.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return float(loss)

    def accuracy(self, a, p, n):
        near, far = self.distances(a, p, n)
        return np.mean(near.numpy() < far.numpy())


data = load_digits()
x = (data.data / 16.0).astype("float32")
train = TripletSampler(x[:1400], data.target[:1400], seed=1)
test = TripletSampler(x[1400:], data.target[1400:], seed=2)
held_out = test.batch(1000)

net = MetricLearner()
running = []
for step in range(1, 201):
    running.append(net.step(*train.batch(64)))
    if step % 25 == 0:
        print(f"step {step:4d}  loss {np.mean(running):.4f}  triplet accuracy {net.accuracy(*held_out):.3f}")
        running = []
