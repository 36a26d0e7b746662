import numpy as np, tensorflow as tf
from sklearn.datasets import load_wine
X, y = load_wine(return_X_y=True)
X = ((X - X.mean(0)) / X.std(0)).astype("float32")
np.random.seed(2); np.random.shuffle(X); np.random.shuffle(y)  # expect: label-mismatch
m = tf.keras.Sequential([tf.keras.layers.Dense(16, "tanh"), tf.keras.layers.Dense(3)])
opt = tf.keras.optimizers.SGD(.02); ce = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
for e in range(40):
    for i in range(0, 140, 20):
        xb, yb = X[i:i+20], y[i:i+20]  # expect-or: label-mismatch
        with tf.GradientTape() as t:
            l = ce(yb, m(xb))  # expect-or: label-mismatch
        opt.apply_gradients(zip(t.gradient(l, m.trainable_weights), m.trainable_weights))  # expect-or: label-mismatch
print("held out", np.mean(m(X[140:]).numpy().argmax(1) == y[140:]))  # expect-or: label-mismatch
