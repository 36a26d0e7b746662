"""A LossScaleOptimizer in a loop."""

import numpy as np
import tensorflow as tf
from tensorflow import keras

keras.mixed_precision.set_global_policy('mixed_float16')
tf.keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)
X = rng.normal(size=(2048, 20)).astype('float32')
Y = (np.sin(X[:, 0]) + X[:, 1] * 0.5 + 0.05 * rng.normal(size=2048)).astype('float32')[:, None]

model = keras.Sequential([
    keras.layers.Input((20,)),
    keras.layers.Dense(64, activation='relu'),
    keras.layers.Dense(64, activation='relu'),
    keras.layers.Dense(1, dtype='float32'),
])
opt = keras.mixed_precision.LossScaleOptimizer(keras.optimizers.Adam(1e-3))
mse = keras.losses.MeanSquaredError()
train = tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(2048, seed=2).batch(64)

@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        pred = model(x, training=True)
        loss = mse(y, pred)
        scaled = opt.scale_loss(loss)
    grads = tape.gradient(scaled, model.trainable_variables)
    opt.apply_gradients(zip(grads, model.trainable_variables))
    return loss

for epoch in range(2):
    losses = [float(step(x, y)) for x, y in train]
    print(epoch, f'{losses[0]:.10f} {np.mean(losses):.10f} {losses[-1]:.10f}')
print('steps', 320)
