import numpy as np
import tensorflow as tf
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(6)

X, y = make_friedman1(n_samples=3000, n_features=8, noise=0.5, random_state=6)
X = ((X - 0.5) * 3.4).astype("float32")
y = ((y - y.mean()) / y.std()).astype("float32").reshape(-1, 1)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, random_state=0)


class Block(tf.keras.layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.norm = tf.keras.layers.LayerNormalization()
        self.up = tf.keras.layers.Dense(2 * width, activation="sigmoid")
        self.down = tf.keras.layers.Dense(width, kernel_initializer=tf.keras.initializers.VarianceScaling(0.2))

    def call(self, x):
        h = self.up(self.norm(x))
        return x + self.down(h)


WIDTH, DEPTH = 24, 12
inputs = tf.keras.Input((8,))
t = tf.keras.layers.Dense(WIDTH)(inputs)
for _ in range(DEPTH):
    t = Block(WIDTH)(t)
outputs = tf.keras.layers.Dense(1)(tf.keras.layers.LayerNormalization()(t))
deep = tf.keras.Model(inputs, outputs)

deep.compile(optimizer=tf.keras.optimizers.Adam(3e-3), loss="mse")
deep.fit(Xa, ya, batch_size=64, epochs=24, validation_data=(Xb, yb), verbose=2)
resid = yb - deep.predict(Xb, verbose=0)
print("R2 on the held-out quarter: %.3f" % (1 - np.mean(resid ** 2) / np.var(yb)))
