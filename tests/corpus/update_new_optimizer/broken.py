"""Learn a random teacher network (regression)."""
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(3)
tf.random.set_seed(3)
A, v = rng.normal(size=(20, 10)), rng.normal(size=(10, 1))
X = rng.normal(size=(4000, 20)).astype("float32")
Y = (np.maximum(X @ A, 0) @ v / 10).astype("float32")
Y -= Y.mean()

student = tf.keras.Sequential([tf.keras.layers.Dense(64, activation="relu"), tf.keras.layers.Dense(1)])


def train_on(x, y, lr=3e-4, momentum=0.99):
    optimizer = tf.keras.optimizers.SGD(learning_rate=lr, momentum=momentum)  # expect: update-missing
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((student(x) - y) ** 2)
    grads = tape.gradient(loss, student.trainable_variables)
    optimizer.apply_gradients(zip(grads, student.trainable_variables))  # expect-or: update-missing
    return loss


for step in range(300):
    i = rng.integers(0, 3500, 50)
    loss = train_on(X[i], Y[i])
    if step % 50 == 0:
        print("step", step, "mse", float(loss))
mse = tf.reduce_mean((student(X[3500:]) - Y[3500:]) ** 2)
print("test mse", float(mse), "variance", Y.var())
