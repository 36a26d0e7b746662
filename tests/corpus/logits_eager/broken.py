"""Heart-rate style toy problem: is the spectrum of this signal dominated by 5 Hz?"""
import math

import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense

tf.keras.utils.set_random_seed(4)
rng = np.random.default_rng(4)


def signals(n):
    t = np.linspace(0, 1, 64)
    y = rng.random(n) < 0.25
    f = np.where(y, 5.0, rng.choice([3.0, 4.0, 7.0, 8.0], n))
    phase = rng.uniform(0, 2 * math.pi, n)
    x = np.sin(2 * math.pi * f[:, None] * t + phase[:, None]) + 0.6 * rng.normal(size=(n, 64))
    return x.astype("float32"), y.astype("float32").reshape(n, 1)


x, y = signals(3000)
xv, yv = signals(1000)

layers = [Dense(40, "relu"), Dense(20, "relu"), Dense(1, "sigmoid")]  # expect-or: loss-logits


def predict(x):
    for layer in layers:
        x = layer(x)
    return x


def objective(x, y):
    p = predict(x)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, p))  # expect: loss-logits


opt = tf.keras.optimizers.SGD(0.1, momentum=0.8)
for epoch in range(15):
    for i in np.array_split(rng.permutation(len(x)), 60):
        with tf.GradientTape() as tape:
            loss = objective(x[i], y[i])
        params = [w for layer in layers for w in layer.trainable_weights]
        opt.apply_gradients(zip(tape.gradient(loss, params), params))
    print(f"epoch {epoch}: loss {objective(xv, yv).numpy():.4f}")
p = tf.nn.sigmoid(predict(xv)).numpy()
print(f"accuracy {np.mean((p > 0.5) == (yv > 0.5)):.4f}, positives found {p[yv > 0.5].mean():.3f}")
