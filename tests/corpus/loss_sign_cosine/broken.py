# Map bag-of-words vectors of short descriptions onto the vectors of their products,
# so that the nearest product (by angle) can be looked up later.
import numpy as np
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(5)
rng = np.random.default_rng(5)

WORDS, PRODUCTS, DIM = 120, 15, 24
topics = rng.gamma(0.3, 1.0, size=(PRODUCTS, WORDS))
topics /= topics.sum(1, keepdims=True)
product_vectors = rng.normal(size=(PRODUCTS, DIM)).astype("float32")


def sample(n):
    which = rng.integers(0, PRODUCTS, n)
    bags = np.stack([rng.multinomial(20, topics[k]) for k in which]).astype("float32")
    return np.log1p(bags), product_vectors[which], which


bags, vectors, _ = sample(1600)
val_bags, val_vectors, val_which = sample(400)


class Matcher(keras.Model):
    def __init__(self, dim):
        super().__init__()
        self.body = keras.layers.Dense(64, activation="tanh")
        self.head = keras.layers.Dense(dim)
        self.distance = keras.metrics.Mean(name="distance")

    def call(self, x):
        return self.head(self.body(x))

    @property
    def metrics(self):
        return [self.distance]

    def train_step(self, data):
        x, target = data
        with tf.GradientTape() as tape:
            guess = self(x, training=True)
            distance = 1.0 - keras.losses.cosine_similarity(target, guess, axis=-1)  # expect: loss-sign
            loss = tf.reduce_mean(distance)  # expect-or: loss-sign
        grads = tape.gradient(loss, self.trainable_variables)  # expect-or: loss-sign
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))  # expect-or: loss-sign
        self.distance.update_state(loss)
        return {"distance": self.distance.result()}


net = Matcher(DIM)
net.compile(optimizer=keras.optimizers.Adam(3e-3))
net.fit(bags, vectors, batch_size=32, epochs=12, verbose=2)  # expect-or: loss-sign

guess = net.predict(val_bags, verbose=0)
unit = lambda a: a / np.linalg.norm(a, axis=1, keepdims=True)
nearest = (unit(guess) @ unit(product_vectors).T).argmax(1)
print("found the right product: %.3f" % (nearest == val_which).mean())
