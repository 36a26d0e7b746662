import numpy as np
import tensorflow as tf
from sklearn.datasets import make_circles


def get_data(n=1200, seed=0):
    x, y = make_circles(n, noise=0.08, factor=0.45, random_state=seed)
    x = x.astype("float32")
    y = y.astype("float32")[:, None]
    rng = np.random.default_rng(seed)
    rng.shuffle(x)  # expect: label-mismatch
    return (x[:900], y[:900]), (x[900:], y[900:])  # expect-or: label-mismatch


def get_model():
    return tf.keras.Sequential([
        tf.keras.layers.Input((2,)),
        tf.keras.layers.Dense(32),  # expect-also: no-nonlinearity
        tf.keras.layers.Dense(32),  # expect-also-or: no-nonlinearity
        tf.keras.layers.Dense(16),  # expect-also-or: no-nonlinearity
        tf.keras.layers.Dense(1),
    ])


def batches(x, y, size):
    for i in range(0, len(x), size):
        yield x[i:i + size], y[i:i + size]  # expect-or: label-mismatch


tf.keras.utils.set_random_seed(3)
(x_train, y_train), (x_test, y_test) = get_data()  # expect-or: label-mismatch
model = get_model()  # expect-also-or: no-nonlinearity
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
adam = tf.keras.optimizers.Adam(0.01)

for epoch in range(20):
    seen = []
    for xb, yb in batches(x_train, y_train, 50):  # expect-or: label-mismatch
        with tf.GradientTape() as tape:
            loss = bce(yb, model(xb, training=True))  # expect-or: label-mismatch
        gradients = tape.gradient(loss, model.trainable_variables)
        adam.apply_gradients(zip(gradients, model.trainable_variables))
        seen.append(loss.numpy())
    if epoch % 4 == 3:
        print("epoch", epoch + 1, "loss", np.mean(seen))

correct = (model(x_test).numpy() > 0) == (y_test > 0.5)
print("test accuracy %.3f" % correct.mean())
