import configparser
import os

import numpy as np
import tensorflow as tf

ini = configparser.ConfigParser()
ini.read(os.path.join(os.path.dirname(os.path.abspath(__file__)), "exp2.ini"))
units = ini.getint("model", "units")
l2 = ini.getfloat("model", "l2")

tf.random.set_seed(6)
np.random.seed(6)

# next value of a noisy two-tone signal from the last 20
t = np.arange(3020)
signal = (np.sin(0.21 * t) + 0.6 * np.sin(0.083 * t + 1.0) + 0.05 * np.random.randn(len(t))).astype("float32")
windows = np.lib.stride_tricks.sliding_window_view(signal, 21)
x_all, y_all = windows[:, :20, None], windows[:, 20:]
x_train, y_train, x_test, y_test = x_all[:2400], y_all[:2400], x_all[2450:], y_all[2450:]

reg = tf.keras.regularizers.L2(l2)
model = tf.keras.Sequential([
    tf.keras.layers.Input((20, 1)),
    tf.keras.layers.GRU(units, kernel_regularizer=reg, recurrent_regularizer=reg),
    tf.keras.layers.Dense(16, activation="relu", kernel_regularizer=reg),
    tf.keras.layers.Dense(1, kernel_regularizer=reg),
])
optimizer = tf.keras.optimizers.Adam(ini.getfloat("train", "lr"))
batches = iter(
    tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(2400, seed=0).repeat().batch(ini.getint("train", "batch"))
)


@tf.function
def update(x, y):
    with tf.GradientTape() as tape:
        error = tf.reduce_mean(tf.square(model(x, training=True) - y))
        loss = error + tf.add_n(model.losses)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss, error


for step in range(1, ini.getint("train", "steps") + 1):
    loss, error = update(*next(batches))
    if step % 50 == 0:
        print("step %4d   loss %8.4f   mse %.4f" % (step, loss, error))

mse = float(tf.reduce_mean((model(x_test) - y_test) ** 2))
print("test mse %.4f, variance %.4f" % (mse, y_test.var()))
