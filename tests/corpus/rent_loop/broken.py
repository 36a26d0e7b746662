import numpy as np
import tensorflow as tf
from tensorflow import keras
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split
from sklearn.metrics import r2_score

tf.random.set_seed(11)

# stand-in for my rent table: 10 columns, price in the last one
feats, rent = make_friedman1(n_samples=2500, n_features=10, noise=0.5, random_state=0)
feats = (feats - feats.mean(0)) / feats.std(0)
rent = (rent - rent.mean()) / rent.std()
trust = np.random.RandomState(1).uniform(0.5, 1.0, size=len(rent))   # how sure the agent was

ftr, fte, rtr, rte, wtr, wte = train_test_split(
    feats.astype(np.float32), rent.astype(np.float32), trust.astype(np.float32),
    test_size=0.25, random_state=5)

train_ds = tf.data.Dataset.from_tensor_slices((ftr, rtr, wtr))  # expect-or: loss-shape
train_ds = train_ds.shuffle(len(ftr)).batch(32)


class RentNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.d1 = keras.layers.Dense(64, activation="relu")
        self.d2 = keras.layers.Dense(32, activation="relu")
        self.out = keras.layers.Dense(1)

    def call(self, x):
        return self.out(self.d2(self.d1(x)))


net = RentNet()
net.build((None, 10))
opt = keras.optimizers.Adam(2e-3)
running = keras.metrics.Mean()


@tf.function
def step(x, y, w):
    with tf.GradientTape() as tape:
        guess = net(x, training=True)  # expect-or: loss-shape
        err = tf.square(y - guess)  # expect: loss-shape
        loss = tf.reduce_sum(w * err) / tf.reduce_sum(w * tf.ones_like(err))
    g = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(g, net.trainable_variables))
    running.update_state(loss)


for ep in range(25):
    running.reset_state()
    for x, y, w in train_ds:
        step(x, y, w)
    if ep % 4 == 0 or ep == 24:
        p = net(fte).numpy().ravel()
        print(f"epoch {ep:2d}  weighted mse {float(running.result()):.4f}  test R2 {r2_score(rte, p):.3f}")

print("spread of the predictions:", net(fte).numpy().std(), " spread of the rents:", rte.std())
