import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

x, y = make_moons(1600, noise=0.15, random_state=4)
x = ((x - x.mean(0)) / x.std(0)).astype("float32")
ring = (np.abs(x[:, 0]) + np.abs(x[:, 1]) > 1.1).astype("int32")


def mlp(width, depth):
    net = tf.keras.Sequential(name="mlp")
    for _ in range(depth):
        net.add(tf.keras.layers.Dense(width))  # expect: no-nonlinearity
    net.add(tf.keras.layers.Dense(2))
    return net


net = mlp(48, 3)  # expect-or: no-nonlinearity
net.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
data = tf.data.Dataset.from_tensor_slices((x[:1200], ring[:1200])).shuffle(1200).batch(40)
net.fit(data, epochs=15, verbose=0)
print(net.evaluate(x[1200:], ring[1200:], verbose=0))
