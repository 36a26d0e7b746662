'''My loss is going below zero. Can a loss be negative??  (and it starts with a big number)'''
import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import math
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.layers import Dense, Input

tf.keras.utils.set_random_seed(4)
n = 1600
x = np.random.uniform(-1, 1, (n, 2)).astype('float32')
target = (0.4 * np.sin(3 * x[:, 0]) + 0.2 * x[:, 1] + 0.02 * np.random.randn(n)).astype('float32')[:, None]


class GaussNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = Dense(40, activation='tanh')
        self.b = Dense(40, activation='tanh')
        self.out = Dense(2)          # mean , raw sigma
        self.tracker = keras.metrics.Mean(name='loss')

    def call(self, z):
        o = self.out(self.b(self.a(z)))
        return o[:, :1], tf.nn.softplus(o[:, 1:]) + 1e-3

    @property
    def metrics(self):
        return [self.tracker]

    def _nll(self, data):
        z, t = data
        m, s = self(z)
        logp = -0.5 * tf.square((t - m) / s) - tf.math.log(s) - 0.5 * math.log(2 * math.pi)
        return -tf.reduce_mean(logp)

    def train_step(self, data):
        with tf.GradientTape() as tape:
            L = self._nll(data)
        tv = self.trainable_variables
        gr, norm = tf.clip_by_global_norm(tape.gradient(L, tv), 5.0)
        self.optimizer.apply_gradients(zip(gr, tv))
        self.tracker.update_state(L)
        return {'loss': self.tracker.result()}

    def test_step(self, data):
        self.tracker.update_state(self._nll(data))
        return {'loss': self.tracker.result()}


net = GaussNet()
net.compile(optimizer=keras.optimizers.Adam(0.002))
ds = tf.data.Dataset.from_tensor_slices((x[:1300], target[:1300])).shuffle(1300, seed=1).batch(50)
va = tf.data.Dataset.from_tensor_slices((x[1300:], target[1300:])).batch(300)
net.fit(ds, validation_data=va, epochs=24, verbose=2)
mu, sig = net(x[1300:])
print('rmse', float(np.sqrt(np.mean((mu.numpy() - target[1300:]) ** 2))), 'mean sigma', float(sig.numpy().mean()))
