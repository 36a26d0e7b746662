"""Gradient penalty in a custom train_step: two tapes, two calls of gradient a step."""
import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons


class Penalised(keras.Model):
    def __init__(self, net, weight):
        super().__init__()
        self.net, self.weight = net, weight

    def call(self, x):
        return self.net(x)

    def train_step(self, data):
        x, y = data
        x = tf.cast(x, tf.float32)
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                inner.watch(x)
                score = self(x, training=True)
            slope = inner.gradient(score, x)
            penalty = tf.reduce_mean(tf.reduce_sum(slope**2, axis=1))
            loss = self.compute_loss(x=x, y=y, y_pred=score) + self.weight * penalty
        grads = outer.gradient(loss, self.trainable_variables)
        self.optimizer.apply(grads, self.trainable_variables)
        for metric in self.metrics:
            metric.update_state(loss) if metric.name == "loss" else metric.update_state(y, score)
        return {m.name: m.result() for m in self.metrics}


keras.utils.set_random_seed(60)
x, y = make_moons(2000, noise=0.1, random_state=60)
y = y[:, None].astype("float32")
net = keras.Sequential([keras.layers.Dense(32, "tanh"), keras.layers.Dense(32, "tanh"), keras.layers.Dense(1)])
model = Penalised(net, 1e-3)
model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
model.fit(x[:1600], y[:1600], epochs=15, batch_size=40, verbose=2)
print("accuracy", np.mean((model.predict(x[1600:], verbose=0) > 0) == (y[1600:] > 0.5)))
