import numpy as np, tensorflow as tf
(x, y), (xt, yt) = tf.keras.datasets.mnist.load_data()
x, xt = x.reshape(-1, 784) / 255., xt.reshape(-1, 784) / 255.
class M(tf.keras.Model):
    def __init__(s):
        super().__init__()
        s.a = tf.keras.layers.Dense(64, activation="relu"); s.dr = tf.keras.layers.Dropout(.8); s.b = tf.keras.layers.Dense(10)  # expect-or: train-mode
    def call(s, v, training=None):
        return s.b(s.dr(s.a(v), training=True))  # expect: train-mode
m = M(); m.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
m.fit(x, y, epochs=6, verbose=0)
print(m.evaluate(xt, yt, verbose=0))  # expect-or: train-mode
