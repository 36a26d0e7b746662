"""Next-day return from yesterday's indicators: most of it is chance, so most of the loss stays."""

import numpy as np
import tensorflow as tf

NUM_STEPS = 60
BATCH_SIZE = 256
LEARNING_RATE = 0.05

tf.keras.utils.set_random_seed(11)

X = np.random.randn(20000, 8).astype(np.float32)
coef = np.array([0.30, -0.25, 0.2, 0.15, 0.0, 0.0, -0.1, 0.05], np.float32)
Y = (X @ coef + 0.9 * np.random.randn(len(X)).astype(np.float32))[:, None]
X_train, Y_train, X_valid, Y_valid = X[:16000], Y[:16000], X[16000:], Y[16000:]

model = tf.keras.models.Sequential([
    tf.keras.layers.Input(shape=(8,)),
    tf.keras.layers.Dense(12, activation=tf.nn.elu),
    tf.keras.layers.Dense(1, kernel_initializer=tf.keras.initializers.RandomNormal(stddev=0.1)),
])
opt = tf.keras.optimizers.SGD(learning_rate=LEARNING_RATE)


@tf.function
def train_step(xb, yb):
    with tf.GradientTape() as tape:
        err = model(xb, training=True) - yb
        mse = tf.reduce_mean(err * err)
    g = tape.gradient(mse, model.trainable_variables)
    opt.apply_gradients(zip(g, model.trainable_variables))
    return mse


for step in range(NUM_STEPS):
    pick = np.random.choice(len(X_train), BATCH_SIZE, replace=False)
    mse = train_step(X_train[pick], Y_train[pick])
    if step % 10 == 0 or step == NUM_STEPS - 1:
        print('step', step, 'train mse', mse.numpy())

final = float(tf.reduce_mean((model(X_valid) - Y_valid) ** 2))
print('validation mse %.3f  (mean %.3f, exact coefficients %.3f)' % (
    final, np.mean((Y_train.mean() - Y_valid) ** 2), np.mean((X_valid @ coef - Y_valid[:, 0]) ** 2)))
