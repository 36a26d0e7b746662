import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
# import tensorflow_probability as tfp    <- not compatible with my version, so I write the likelihood myself

tf.keras.utils.set_random_seed(3)

# bike sharing like data: 5 features, count (log scale), noise depends on the "weather" feature
N = 2000
X = np.random.rand(N, 5).astype('float32') * 2 - 1
noise = 0.05 + 0.15 * (X[:, 4] > 0)
y = (np.sin(2.5 * X[:, 0]) + X[:, 1] * X[:, 2] + 0.5 * X[:, 3] + noise * np.random.randn(N)).astype('float32')

X_train, X_test = X[:1600], X[1600:]
y_train, y_test = y[:1600], y[1600:]


class UncertaintyNet(keras.Model):
    """mean and log variance (Kendall & Gal 2017)"""

    def __init__(self, width=48, **kwargs):
        super().__init__(**kwargs)
        self.h1 = layers.Dense(width, activation='relu')
        self.h2 = layers.Dense(width, activation='relu')
        self.mu = layers.Dense(1, name='mu')
        self.logvar = layers.Dense(1, name='logvar')
        self.loss_tracker = keras.metrics.Mean(name='nll')
        self.mae = keras.metrics.MeanAbsoluteError(name='mae')

    def call(self, inputs, training=None):
        h = self.h2(self.h1(inputs))
        return self.mu(h), self.logvar(h)

    def nll(self, y, mu, logvar):
        precision = tf.exp(-logvar)
        se = tf.square(tf.reshape(y, (-1, 1)) - mu)
        return tf.reduce_mean(0.5 * precision * se + 0.5 * logvar)

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            mu, logvar = self(x, training=True)
            loss = self.nll(y, mu, logvar)
        g = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(g, self.trainable_variables))
        self.loss_tracker.update_state(loss)
        self.mae.update_state(y, mu)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        x, y = data
        mu, logvar = self(x, training=False)
        self.loss_tracker.update_state(self.nll(y, mu, logvar))
        self.mae.update_state(y, mu)
        return {m.name: m.result() for m in self.metrics}

    @property
    def metrics(self):
        return [self.loss_tracker, self.mae]


net = UncertaintyNet()
net.compile(optimizer=keras.optimizers.Adam(2e-3))
net.fit(X_train, y_train, validation_data=(X_test, y_test), epochs=14, batch_size=64, verbose=2)

mu, lv = net.predict(X_test, verbose=0)
print('mu', mu.shape, 'first', mu[:5, 0], y_test[:5])
print('RMSE test', np.sqrt(np.mean((mu[:, 0] - y_test) ** 2)), 'std y', y_test.std())
print('R2', 1 - np.mean((mu[:, 0] - y_test) ** 2) / y_test.var())
