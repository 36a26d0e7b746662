"""Deterministic version of the Friedman response surface model.

We subclass keras.Model because the production version mixes in a second term from the
lab's simulator; this one only has the data term. Same train_step / test_step layout.
"""
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.datasets import make_friedman1
from sklearn.preprocessing import StandardScaler

keras.utils.set_random_seed(31)

X, y = make_friedman1(n_samples=1600, n_features=8, noise=0.6, random_state=4)
cut = 1200
sx = StandardScaler().fit(X[:cut])
mu, sd = y[:cut].mean(), y[:cut].std()
X = sx.transform(X).astype("float32")
t = ((y - mu) / sd).astype("float32")  # expect-or: loss-shape

train = tf.data.Dataset.from_tensor_slices((X[:cut], t[:cut])).shuffle(cut, seed=1).batch(32)  # expect-or: loss-shape
valid = tf.data.Dataset.from_tensor_slices((X[cut:], t[cut:])).batch(200)


class Regressor(keras.Model):
    def __init__(self, width=48, **kw):
        super().__init__(**kw)
        self.h1 = layers.Dense(width, activation="swish")
        self.h2 = layers.Dense(width, activation="swish")
        self.out = layers.Dense(1)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.rmse = keras.metrics.RootMeanSquaredError(name="rmse")

    @property
    def metrics(self):
        return [self.loss_tracker, self.rmse]

    def call(self, x, training=None):
        return self.out(self.h2(self.h1(x)))  # expect-or: loss-shape

    def data_term(self, target, pred):
        return tf.reduce_mean(tf.square(target - pred))  # expect: loss-shape

    def train_step(self, data):
        x, target = data  # expect-or: loss-shape
        with tf.GradientTape() as tape:
            pred = self(x, training=True)
            loss = self.data_term(target, pred)  # expect-or: loss-shape
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.loss_tracker.update_state(loss)
        self.rmse.update_state(tf.reshape(target, (-1,)), tf.reshape(pred, (-1,)))
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        x, target = data
        pred = self(x, training=False)
        self.loss_tracker.update_state(self.data_term(target, pred))
        self.rmse.update_state(tf.reshape(target, (-1,)), tf.reshape(pred, (-1,)))
        return {m.name: m.result() for m in self.metrics}


model = Regressor()
model.compile(optimizer=keras.optimizers.Adam(2e-3))
h = model.fit(train, validation_data=valid, epochs=30, verbose=0).history
for e in range(0, 30, 5):
    print(e + 1, {k: round(float(v[e]), 4) for k, v in h.items()})

p = model.predict(X[cut:], verbose=0)[:, 0] * sd + mu
r2 = 1 - np.sum((p - y[cut:]) ** 2) / np.sum((y[cut:] - y[cut:].mean()) ** 2)
print(f"validation: R2 {r2:.3f}, spread of predictions {p.std():.2f}, spread of truth {y[cut:].std():.2f}")
