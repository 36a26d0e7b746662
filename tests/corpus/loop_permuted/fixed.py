import numpy as np, tensorflow as tf
from sklearn.datasets import load_wine
X, y = load_wine(return_X_y=True)
X = ((X - X.mean(0)) / X.std(0)).astype("float32")
p = np.random.default_rng(2).permutation(len(X)); X, y = X[p], y[p]
m = tf.keras.Sequential([tf.keras.layers.Dense(16, "tanh"), tf.keras.layers.Dense(3)])
opt = tf.keras.optimizers.SGD(.02); ce = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
for e in range(40):
    for i in range(0, 140, 20):
        xb, yb = X[i:i+20], y[i:i+20]
        with tf.GradientTape() as t:
            l = ce(yb, m(xb))
        opt.apply_gradients(zip(t.gradient(l, m.trainable_weights), m.trainable_weights))
print("held out", np.mean(m(X[140:]).numpy().argmax(1) == y[140:]))
