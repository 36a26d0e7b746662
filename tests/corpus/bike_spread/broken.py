"""Mean and spread of bike hires per hour (heteroscedastic regression)."""
import math

import keras
import tensorflow as tf
from sklearn.metrics import r2_score

from rides import splits


class MeanSpread(keras.Model):
    """Two numbers per row: the mean and the log of the variance."""

    def __init__(self, width=64):
        super().__init__()
        self.trunk = keras.Sequential([
            keras.layers.Dense(width, activation="swish"),
            keras.layers.Dense(width, activation="swish"),
        ])
        self.out = keras.layers.Dense(2)
        self.nll = keras.metrics.Mean(name="nll")

    def call(self, x):
        return tf.split(self.out(self.trunk(x)), 2, axis=-1)

    def gaussian(self, x, y):
        mu, log_var = self(x)
        log_var = tf.clip_by_value(log_var, -6.0, 4.0)
        z = tf.square(y - mu) * tf.exp(-log_var)  # expect: loss-shape
        return 0.5 * tf.reduce_mean(z + log_var + math.log(2 * math.pi))  # expect-or: loss-shape

    @property
    def metrics(self):
        return [self.nll]

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.gaussian(x, y)
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables),
                             self.trainable_variables)
        self.nll.update_state(loss)
        return {"nll": self.nll.result()}

    def test_step(self, data):
        self.nll.update_state(self.gaussian(*data))
        return {"nll": self.nll.result()}


keras.utils.set_random_seed(21)
(x_train, y_train), (x_valid, y_valid), (x_test, y_test) = splits()
train = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(4200).batch(64)  # expect-or: loss-shape
valid = tf.data.Dataset.from_tensor_slices((x_valid, y_valid)).batch(400)

model = MeanSpread()
model.compile(optimizer=keras.optimizers.Adam(1e-3))
model.fit(train, validation_data=valid, epochs=25, verbose=2)

mu, log_var = model(x_test)
print("R2", round(r2_score(y_test, mu.numpy()[:, 0]), 3))
print("mean sigma", round(float(tf.reduce_mean(tf.exp(0.5 * log_var))), 3))
