import tensorflow as tf, numpy as np
from tensorflow import keras
keras.utils.set_random_seed(0)
from sklearn.datasets import load_breast_cancer
X, y = load_breast_cancer(return_X_y=True); X = ((X - X.mean(0)) / X.std(0)).astype("float32"); y = y.astype("float32")[:, None]
m = keras.Sequential([keras.layers.Dense(16, "relu"), keras.layers.Dense(1, "sigmoid")]); m.build((None, 30))
o = keras.optimizers.Adam()
for e in range(20):
    for k in range(0, 400, 40):
        with tf.GradientTape() as t:
            p = tf.round(m(X[k:k+40]))  # expect: gradient-disconnected
            l = tf.reduce_mean(tf.square(y[k:k+40] - p))  # expect-or: gradient-disconnected
        g = t.gradient(l, m.trainable_variables)  # expect-or: gradient-disconnected
        o.apply_gradients([(a, v) for a, v in zip(g, m.trainable_variables) if a is not None])  # expect-or: gradient-disconnected
    print(e, float(l))
