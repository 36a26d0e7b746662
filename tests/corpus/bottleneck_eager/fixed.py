import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.keras.utils.set_random_seed(44)

digits = load_digits()
X = digits.data.astype(np.float32) / 16.0
Y = digits.target.astype(np.int64)
split = 1500


class Encoder(tf.keras.layers.Layer):
    def __init__(self, code=3):
        super().__init__()
        self.wide = tf.keras.layers.Dense(64, activation="relu")
        self.code = tf.keras.layers.Dense(code)

    def call(self, x):
        return self.code(self.wide(x))


class Head(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.mix = tf.keras.layers.Dense(32, activation="relu")
        self.vote = tf.keras.layers.Dense(10)

    def call(self, z):
        return self.vote(self.mix(z))


encoder, head = Encoder(), Head()
optimizer = tf.keras.optimizers.Adam(0.01)


def squash(z):
    return tf.tanh(z)


def log_likelihood(y, logits):
    log_p = tf.nn.log_softmax(logits)
    return -tf.reduce_mean(tf.gather(log_p, y, batch_dims=1))


rng = np.random.default_rng(0)
for step in range(1, 501):
    rows = rng.integers(0, split, 100)
    with tf.GradientTape() as tape:
        z = squash(encoder(X[rows]))
        objective = log_likelihood(Y[rows], head(z))
    variables = encoder.trainable_variables + head.trainable_variables
    grads = tape.gradient(objective, variables)
    optimizer.apply_gradients(zip(grads, variables))
    if step % 100 == 0:
        print(f"step {step}: objective {objective.numpy():.4f}")

answer = np.argmax(head(squash(encoder(X[split:]))), axis=1)
print(f"test accuracy: {np.mean(answer == Y[split:]):.3f}")
